import { secondsOf } from '@aiops-sre/slo/model/durations.ts';
import { parse } from 'yaml';
import { z } from 'zod';
import { DATA_SOURCES } from '../src/data-sources.ts';

/** A duration that Grafana adds to a time or subtracts from it; may be negative. */
const shiftMs = z
  .string()
  .default('0s')
  .transform((text) => 1000 * (text.startsWith('-') ? -secondsOf(text.slice(1)) : secondsOf(text)));
const aroundSpan = { spanStartTimeShift: shiftMs, spanEndTimeShift: shiftMs };
const tempoSchema = z.object({
  traceQuery: z.object({ timeShiftEnabled: z.boolean(), ...aroundSpan }),
  tracesToLogsV2: z.object({ ...aroundSpan, query: z.string() }),
  tracesToMetrics: z.object({ ...aroundSpan, queries: z.array(z.object({ query: z.string() })) }),
});
const lokiSchema = z.object({ derivedFields: z.array(z.object({ matcherRegex: z.string() })) });
const fileSchema = z.object({ datasources: z.array(z.object({ uid: z.string(), jsonData: z.unknown() })) });

interface RangeMs {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Span extends RangeMs {
  readonly traceId: string;
  readonly service: string;
}

interface SpanQuery extends RangeMs {
  readonly dataSource: string;
  readonly kind: 'lines' | 'range';
  readonly query: string;
}

/** What Grafana asks for when somebody follows a link that the provisioned data sources make. */
export interface DataSourceLinks {
  /** Field of a line that leads to its trace. */
  readonly traceField: string;
  /** The time at which a trace is asked for that Explore opens at a range; undefined where it is asked for by its id alone. */
  traceRange(opened: RangeMs): RangeMs | undefined;
  /** From a span to its service's lines and figures. */
  spanQueries(span: Span): readonly SpanQuery[];
}

/** @param text of the provisioned file */
export function readDataSourceLinks(text: string): DataSourceLinks {
  const { datasources } = fileSchema.parse(parse(text.replaceAll('$$', '$')));
  const dataOf = (uid: string) => datasources.find((source) => source.uid === uid)?.jsonData;
  const { traceQuery, tracesToLogsV2, tracesToMetrics } = tempoSchema.parse(dataOf(DATA_SOURCES.tempo.uid));
  const { derivedFields } = lokiSchema.parse(dataOf(DATA_SOURCES.loki.uid));
  const filledIn = (query: string, { traceId, service }: Span) =>
    query
      .replaceAll(/\$\{?__tags\}?/g, `service_name="${service}"`)
      .replaceAll(`\${__trace.traceId}`, traceId);
  const around = (
    { fromMs, toMs }: Span,
    shift: { spanStartTimeShift: number; spanEndTimeShift: number },
  ) => ({
    fromMs: fromMs + shift.spanStartTimeShift,
    toMs: toMs + shift.spanEndTimeShift,
  });
  return {
    traceField: derivedFields[0]?.matcherRegex ?? '',
    // Here, unlike at a span, the first is subtracted.
    traceRange: ({ fromMs, toMs }) =>
      traceQuery.timeShiftEnabled
        ? { fromMs: fromMs - traceQuery.spanStartTimeShift, toMs: toMs + traceQuery.spanEndTimeShift }
        : undefined,
    spanQueries: (span) => [
      {
        dataSource: DATA_SOURCES.loki.uid,
        kind: 'lines',
        query: filledIn(tracesToLogsV2.query, span),
        ...around(span, tracesToLogsV2),
      },
      ...tracesToMetrics.queries.map(({ query }) => ({
        dataSource: DATA_SOURCES.prometheus.uid,
        kind: 'range' as const,
        query: filledIn(query, span),
        ...around(span, tracesToMetrics),
      })),
    ],
  };
}

const traceSchema = z.object({
  trace: z.object({ resourceSpans: z.array(z.unknown()).default([]) }).default({ resourceSpans: [] }),
});

/** Whether Tempo has spans of a trace, asked for as Grafana asks when it is opened at a range. */
export async function traceIsFound(
  tempoUrl: string,
  links: DataSourceLinks,
  traceId: string,
  opened: RangeMs,
): Promise<boolean> {
  const range = links.traceRange(opened);
  const parameters = range
    ? `?start=${Math.floor(range.fromMs / 1000)}&end=${Math.floor(range.toMs / 1000)}`
    : '';
  const response = await fetch(`${tempoUrl}/api/v2/traces/${traceId}${parameters}`, {
    headers: { accept: 'application/json' },
  });
  return response.ok && traceSchema.parse(await response.json()).trace.resourceSpans.length > 0;
}
