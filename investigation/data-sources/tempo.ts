import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { BackendError } from '@aiops-sre/service-kit/backends/backend-error.ts';
import { z } from 'zod';
import { attributesSchema, parseTrace } from '../traces/parse-trace.ts';
import type { Trace } from '../traces/span.ts';
import type { TimeRange } from './time-range.ts';

const searchSchema = z.object({
  traces: z.array(z.object({ traceID: z.string() })).default([]),
});

const tagsSchema = z.object({
  scopes: z.array(z.object({ name: z.string(), tags: z.array(z.string()).default([]) })).default([]),
});
const spansSchema = z.object({
  traces: z
    .array(
      z.object({
        traceID: z.string(),
        durationMs: z.number().default(0),
        spanSets: z
          .array(
            z.object({
              spans: z
                .array(
                  z.object({
                    spanID: z.string(),
                    durationNanos: z.coerce.number().default(0),
                    attributes: attributesSchema,
                  }),
                )
                .default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** A span as a search finds it. */
export interface FoundSpan {
  /** Of the trace and the span in it: searches of neighbouring ranges may both find one. */
  readonly id: string;
  readonly durationMs: number;
  /** Of its whole trace. */
  readonly traceDurationMs: number;
  /** Those that the query selects; `status` among them is `error`, `ok` or `unset`. */
  readonly attributes: Readonly<Record<string, string>>;
}

interface FoundSpans {
  readonly spans: readonly FoundSpan[];
  /** Whether there were no more than these. */
  readonly all: boolean;
}

/** Of one trace; Tempo gives no more. */
const MOST_SPANS_OF_A_TRACE = 100;

export interface Tempo {
  /** Ids of the newest traces in the range that match the TraceQL query, at most `limit`. */
  search(traceql: string, range: TimeRange, limit: number): Promise<readonly string[]>;
  /** Spans in the range that the TraceQL query matches, with the attributes that it selects, of at most `limit` traces. */
  spans(traceql: string, range: TimeRange, limit: number): Promise<FoundSpans>;
  /** Names of all attributes that spans, and the processes they are from, had in the range. */
  attributes(range: TimeRange): Promise<Readonly<Record<'span' | 'resource', readonly string[]>>>;
  /** Undefined where Tempo does not have it. */
  trace(traceId: string): Promise<Trace | undefined>;
}

/** @see https://grafana.com/docs/tempo/latest/api_docs/ */
export function tempo(http: BackendClient): Tempo {
  return {
    async search(traceql, { fromSeconds, toSeconds }, limit) {
      const parameters = {
        q: `${traceql} with (most_recent = true)`,
        start: Math.floor(fromSeconds),
        end: Math.ceil(toSeconds),
        limit,
        spss: 1,
      };
      const { traces } = await http.json({ path: '/api/search', parameters }, searchSchema);
      // Zeroes at the front are left out in Tempo's answers.
      return traces.map(({ traceID }) => traceID.padStart(32, '0'));
    },
    async spans(traceql, { fromSeconds, toSeconds }, limit) {
      const parameters = {
        q: traceql,
        start: Math.floor(fromSeconds),
        end: Math.ceil(toSeconds),
        limit,
        spss: MOST_SPANS_OF_A_TRACE,
      };
      const { traces } = await http.json({ path: '/api/search', parameters }, spansSchema);
      const spans = traces.flatMap(({ traceID, durationMs: traceDurationMs, spanSets }) =>
        spanSets.flatMap((set) =>
          set.spans.map(({ spanID, durationNanos, attributes }) => ({
            id: `${traceID} ${spanID}`,
            durationMs: durationNanos / 1e6,
            traceDurationMs,
            attributes,
          })),
        ),
      );
      return { spans, all: traces.length < limit };
    },
    async attributes({ fromSeconds, toSeconds }) {
      const parameters = { start: Math.floor(fromSeconds), end: Math.ceil(toSeconds) };
      const { scopes } = await http.json({ path: '/api/v2/search/tags', parameters }, tagsSchema);
      const of = (scope: string) => scopes.find(({ name }) => name === scope)?.tags ?? [];
      return { span: of('span'), resource: of('resource') };
    },
    async trace(traceId) {
      try {
        const body = await http.json({ path: `/api/v2/traces/${traceId}` }, z.unknown());
        const trace = parseTrace(traceId, body);
        return trace.spans.length > 0 ? trace : undefined;
      } catch (error) {
        if (error instanceof BackendError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}
