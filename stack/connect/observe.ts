import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { type BackendClient, createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import {
  createPrometheusClient,
  type PrometheusClient,
} from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { z } from 'zod';
import { receiverCounts, seriesOnPage } from './collector-pages.ts';
import type { NewestTimes, Observation } from './observation.ts';
import { processEnvironment } from './process-environment.ts';

/** Where everything that can tell of a service is. */
export interface Addresses {
  readonly prometheusUrl: string;
  readonly tempoUrl: string;
  readonly lokiUrl: string;
  /** The Collector's pages: of itself, and those that Prometheus scrapes. */
  readonly collectorUrl: string;
  readonly seriesUrls: readonly string[];
  readonly otlpPorts: { readonly grpc: number; readonly http: number };
}

const LIMITS = { timeoutMs: 10_000, maxAnswerBytes: 64 * 1024 * 1024 };
const HOUR_SECONDS = 3_600;
/** How far off a clock may be for its telemetry to be found at all. Loki takes nothing that is further ahead than 10 minutes. */
const WIDE_SECONDS = 48 * HOUR_SECONDS;
const LOKI_AHEAD_SECONDS = 600;
const MOST_SENDERS = 2_000;

const asRegex = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Selects what a service pushed as its own metrics. */
export const pushedBy = (service: string) =>
  `{job=~${JSON.stringify(`(.+/)?${asRegex(service)}`)},__name__!~"traces_.*|target_info|up|scrape_.*"}`;

export const spansOf = (service: string) => `{service_name=${JSON.stringify(service)}}`;

/**
 * Looks at all of it at once. What does not answer within ten seconds is undefined.
 *
 * @param options.recentSeconds how long ago counts as now
 */
export function observer(
  service: string,
  addresses: Addresses,
  options: { readonly recentSeconds: number },
): () => Promise<Observation> {
  const page = (url: string) => createBackendClient({ ...LIMITS, name: 'The Collector', url });
  const collector = page(addresses.collectorUrl);
  const series = addresses.seriesUrls.map(page);
  const prometheus = createPrometheusClient({ ...LIMITS, url: addresses.prometheusUrl });
  const tempo = createBackendClient({ ...LIMITS, name: 'Tempo', url: addresses.tempoUrl });
  const loki = createBackendClient({ ...LIMITS, name: 'Loki', url: addresses.lokiUrl });
  const text = (client: BackendClient) => client.text({ path: '/metrics' });
  const orUndefined = <T>(asked: Promise<T>) => asked.catch(() => undefined);
  return async () => {
    const atSeconds = Date.now() / 1000;
    const [own, pages, asked, traces, lines] = await Promise.all([
      orUndefined(text(collector).then(receiverCounts)),
      orUndefined(
        Promise.all(series.map(text)).then((texts) => texts.map((each) => seriesOnPage(each, service))),
      ),
      orUndefined(askPrometheus(prometheus, service, atSeconds)),
      orUndefined(newestTrace(tempo, service, atSeconds, options.recentSeconds)),
      orUndefined(newestLine(loki, service, atSeconds, options.recentSeconds)),
    ]);
    return {
      atSeconds,
      collector: own,
      onPages: pages && {
        spans: pages.reduce((sum, { spans }) => sum + spans, 0),
        metrics: pages.some(({ metrics }) => metrics),
      },
      prometheus: asked,
      tempo: traces,
      loki: lines,
      process: processEnvironment(service),
    };
  };
}

async function askPrometheus(
  prometheus: PrometheusClient,
  service: string,
  atSeconds: number,
): Promise<NonNullable<Observation['prometheus']>> {
  const spans = `${METRICS.spanCalls}${spansOf(service)}`;
  const span = { startSeconds: atSeconds - 120, endSeconds: atSeconds };
  const [kinds, names, own, overflow, failing, targets, spanSenders, jobs] = await Promise.all([
    prometheus.query(
      `sum by (span_kind) (${spans}) or sum by (span_kind) (${METRICS.serviceCalls}${spansOf(service)})`,
    ),
    prometheus.value(`count(count by (span_name) (${spans}))`),
    prometheus.value(`count(${pushedBy(service)})`),
    prometheus.value(`count(${METRICS.spanCalls}{otel_metric_overflow="true"})`),
    prometheus.query(
      'sum by (exporter) (increase({__name__=~"otelcol_exporter_send_failed_(spans|log_records)(_total)?"}[5m])) > 0',
    ),
    prometheus.targets(),
    prometheus.labelValues('service_name', span, METRICS.spanCalls),
    prometheus.labelValues('job', span, '{job=~".+/.+"}'),
  ]);
  const down = targets.find(({ labels, health }) => labels.job?.startsWith('otlp') && health === 'down');
  return {
    spans:
      kinds.length === 0
        ? undefined
        : {
            byKind: Object.fromEntries(kinds.map(({ labels, value }) => [labels.span_kind ?? '', value])),
            names: names ?? 0,
          },
    series: own ?? 0,
    scrapeError: down?.lastError,
    senders: [...new Set([...spanSenders, ...jobs.map((job) => job.slice(job.indexOf('/') + 1))])].slice(
      0,
      MOST_SENDERS,
    ),
    failing: failing.map(({ labels }) => labels.exporter ?? ''),
    overflow: overflow !== undefined,
  };
}

const searchSchema = z.object({
  traces: z.array(z.object({ startTimeUnixNano: z.string().default('0') })).default([]),
});

async function newestTrace(
  tempo: BackendClient,
  service: string,
  atSeconds: number,
  recentSeconds: number,
): Promise<NewestTimes> {
  const newest = async (span?: { readonly start: number; readonly end: number }) => {
    const q = `{ resource.service.name = ${JSON.stringify(service)} } with (most_recent = true)`;
    const { traces } = await tempo.json(
      { path: '/api/search', parameters: { q, ...span, limit: 1, spss: 1 } },
      searchSchema,
    );
    return traces[0] && Number(traces[0].startTimeUnixNano) / 1e9;
  };
  const around = (seconds: number) => ({
    start: Math.floor(atSeconds - seconds),
    end: Math.ceil(atSeconds + seconds),
  });
  const recent = await newest(around(recentSeconds));
  if (recent !== undefined && Math.abs(recent - atSeconds) <= recentSeconds)
    return { recentSeconds: recent, anySeconds: recent };
  // Without a time Tempo looks through what came last, also where that says to be of long ago; with one it does not.
  const [wide, cameLast] = await Promise.all([newest(around(WIDE_SECONDS)), newest()]);
  return { recentSeconds: undefined, anySeconds: wide ?? cameLast };
}

const linesSchema = z.object({
  data: z.object({ result: z.array(z.object({ values: z.array(z.tuple([z.string()]).rest(z.unknown())) })) }),
});

async function newestLine(
  loki: BackendClient,
  service: string,
  atSeconds: number,
  recentSeconds: number,
): Promise<NewestTimes> {
  const newest = async (start: number, end: number) => {
    const parameters = {
      query: spansOf(service),
      start: Math.floor(start),
      end: Math.ceil(end),
      limit: 1,
      direction: 'backward',
    };
    const { data } = await loki.json({ path: '/loki/api/v1/query_range', parameters }, linesSchema);
    const times = data.result.flatMap(({ values }) =>
      values.map(([nanoseconds]) => Number(nanoseconds) / 1e9),
    );
    return times.length > 0 ? Math.max(...times) : undefined;
  };
  const recent = await newest(atSeconds - recentSeconds, atSeconds + 60);
  if (recent !== undefined) return { recentSeconds: recent, anySeconds: recent };
  return {
    recentSeconds: undefined,
    anySeconds: await newest(atSeconds - WIDE_SECONDS, atSeconds + LOKI_AHEAD_SECONDS),
  };
}
