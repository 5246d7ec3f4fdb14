import {
  HTTP_DURATION_BOUNDS_SECONDS,
  METRICS,
  STOREFRONT_LATENCY_OBJECTIVE_SECONDS,
} from '@aiops-sre/conventions/metric-names.ts';
import { ENTRY_SPAN_KINDS, ENTRY_SPANS } from '@aiops-sre/conventions/semantic-attributes.ts';
import type { Tempo } from '@aiops-sre/investigation/data-sources/tempo.ts';
import type { TimeRange } from '@aiops-sre/investigation/data-sources/time-range.ts';
import type { Trace } from '@aiops-sre/investigation/traces/span.ts';
import type { AlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { firingAlert } from './firing-alert.ts';
import { logsOfTrace } from './trace-logs.ts';

export interface FollowOptions {
  readonly alertmanager: AlertmanagerClient;
  readonly loki: BackendClient;
  readonly grafana: BackendClient;
  readonly prometheus: PrometheusClient;
  readonly tempo: Tempo;
  readonly nowSeconds: number;
  /** Fingerprint or name; the most urgent one where left out. */
  readonly alert?: string;
}

/** One link of the way; `skipped` where what it leads to need not run. */
interface TrailStep {
  readonly name: 'alert' | 'dashboard' | 'route' | 'trace' | 'logs';
  readonly state: 'done' | 'failed' | 'skipped';
  readonly said: string;
  readonly url?: string;
}

export interface Trail {
  readonly steps: readonly TrailStep[];
  readonly service?: string;
  readonly slo?: string;
  readonly route?: string;
  readonly traceId?: string;
  readonly logLines: readonly string[];
  readonly range: TimeRange;
}

/** What began shortly before the alert is part of it. */
const BEFORE_SECONDS = 600;
const MOST_EXEMPLARS = 20;

/**
 * From a firing alert's annotations alone to the failing route, a trace of it and that trace's log lines: the service
 * comes out of the address of its dashboard. Ends at the first link that leads nowhere.
 *
 * @throws where there is no such alert
 */
export async function followAlert(options: FollowOptions): Promise<Trail> {
  const { grafana, prometheus, tempo, nowSeconds } = options;
  const { labels, annotations, startsAtMs } = await firingAlert(options.alertmanager, options.alert);
  const range = { fromSeconds: startsAtMs / 1000 - BEFORE_SECONDS, toSeconds: nowSeconds };
  const steps: TrailStep[] = [];
  const done = (
    found: Omit<Trail, 'steps' | 'range' | 'logLines'> & { logLines?: readonly string[] },
  ): Trail => ({
    logLines: [],
    ...found,
    steps,
    range,
  });
  steps.push({
    name: 'alert',
    state: 'done',
    said: annotations.summary ?? labels.alertname ?? 'an alert',
    ...(annotations.runbook_url && { url: annotations.runbook_url }),
  });

  const dashboard = URL.parse(annotations.dashboard_url ?? '');
  const service = dashboard?.searchParams.get('var-service') ?? undefined;
  const slo = dashboard?.searchParams.get('var-slo') ?? undefined;
  if (!dashboard) {
    steps.push({ name: 'dashboard', state: 'failed', said: 'the alert has no dashboard_url' });
    return done({});
  }
  steps.push({ name: 'dashboard', ...(await grafanaState(grafana)), url: dashboard.href });
  const known = { ...(service && { service }), ...(slo && { slo }) };
  if (!service) {
    steps.push({ name: 'route', state: 'failed', said: 'its dashboard_url names no service' });
    return done(known);
  }

  const worst = await worstRoute(prometheus, service, range);
  if (!worst) {
    steps.push({
      name: 'route',
      state: 'failed',
      said: `no request of ${service} failed or was slow since then`,
    });
    return done(known);
  }
  steps.push({ name: 'route', state: 'done', said: worst.said });
  const { operation: route } = worst;

  const trace = await exemplarTrace(tempo, await exemplarTraceIds(prometheus, worst.exemplars, range));
  if (!trace) {
    steps.push({
      name: 'trace',
      state: 'failed',
      said: `no exemplar of ${route} leads to a trace that Tempo has`,
    });
    return done({ ...known, route });
  }
  const { traceId } = trace;
  steps.push({ name: 'trace', state: 'done', said: `${traceId}: ${traceInWords(trace)}` });

  const logLines = await logsOfTrace(options.loki, trace).catch((error: Error) => error);
  steps.push(
    logLines instanceof Error
      ? { name: 'logs', state: 'failed', said: logLines.message }
      : {
          name: 'logs',
          state: logLines.length > 0 ? 'done' : 'failed',
          said: `${logLines.length} lines of this trace`,
        },
  );
  return done({ ...known, route, traceId, logLines: logLines instanceof Error ? [] : logLines });
}

async function grafanaState(grafana: BackendClient): Promise<Pick<TrailStep, 'state' | 'said'>> {
  try {
    await grafana.text({ path: '/api/health' });
    return { state: 'done', said: 'Grafana answers' };
  } catch (error) {
    return { state: 'skipped', said: `Grafana does not run here (${(error as Error).message})` };
  }
}

/** Buckets whose exemplars are slower than the objective: those traces are always kept. */
const slowBounds = HTTP_DURATION_BOUNDS_SECONDS.filter(
  (bound) => bound > STOREFRONT_LATENCY_OBJECTIVE_SECONDS,
)
  .map((bound) => `${bound}`.replace('.', '\\\\.') + (Number.isInteger(bound) ? '(\\\\.0)?' : ''))
  .concat('\\\\+Inf')
  .join('|');

/** The route, or where requests have none the name of their spans, with the most failures of a service, or where none failed, with the most slow requests. */
async function worstRoute(
  prometheus: PrometheusClient,
  service: string,
  { fromSeconds, toSeconds }: TimeRange,
) {
  const window = `${Math.ceil(toSeconds - fromSeconds)}s`;
  const scope = `service_name=${JSON.stringify(service)},${ENTRY_SPANS}`;
  const limit = STOREFRONT_LATENCY_OBJECTIVE_SECONDS;
  const failed = `${METRICS.spanCalls}{${scope},status_code="STATUS_CODE_ERROR"}`;
  const within = `${METRICS.spanDuration}_bucket{${scope},le="${limit}"}`;
  const all = `${METRICS.spanDuration}_count{${scope}}`;
  const by = 'http_route, http_request_method, span_name';
  const sum = (selector: string) => `sum by (${by}) (increase(${selector}[${window}]))`;
  const kinds = [
    { promql: sum(failed), said: 'failed', exemplars: (more: string) => failed.replace('}', `,${more}}`) },
    {
      promql: `${sum(all)} - ${sum(within)}`,
      said: `took longer than ${limit} s`,
      exemplars: (more: string) => `${METRICS.spanDuration}_bucket{${scope},${more},le=~"${slowBounds}"}`,
    },
  ];
  for (const { promql, said, exemplars } of kinds) {
    const samples = await prometheus.query(`topk(1, ${promql} > 0.5)`, undefined, toSeconds);
    const [worst] = samples;
    if (!worst) continue;
    const { http_route: route = '', http_request_method: method = '', span_name: name = '' } = worst.labels;
    const operation = route ? `${method} ${route}`.trim() : name;
    return {
      operation,
      said: `${operation} of ${service}: ${Math.round(worst.value)} requests ${said}`,
      exemplars: exemplars(
        `http_route=${JSON.stringify(route)},http_request_method="${method}",span_name=${JSON.stringify(name)}`,
      ),
    };
  }
  return undefined;
}

/** Trace ids of the exemplars of these series, the newest first. */
async function exemplarTraceIds(
  prometheus: PrometheusClient,
  selector: string,
  { fromSeconds, toSeconds }: TimeRange,
): Promise<readonly string[]> {
  const series = await prometheus.exemplars(selector, { startSeconds: fromSeconds, endSeconds: toSeconds });
  const newestFirst = series
    .flatMap(({ exemplars }) => exemplars)
    .toSorted((one, other) => other.timestamp - one.timestamp);
  return [...new Set(newestFirst.flatMap(({ labels: { trace_id } }) => trace_id ?? []))];
}

/** The newest exemplars' traces may be on their way still. */
async function exemplarTrace(tempo: Tempo, ids: readonly string[]): Promise<Trace | undefined> {
  for (const id of ids.slice(0, MOST_EXEMPLARS)) {
    const trace = await tempo.trace(id);
    if (trace) return trace;
  }
  return undefined;
}

function traceInWords({ spans }: Trace): string {
  const services = [...new Set(spans.map(({ service }) => service))].join(', ');
  const failed = spans.filter(
    (span) => span.failed && (ENTRY_SPAN_KINDS as readonly string[]).includes(span.kind),
  );
  const deepest = failed.toSorted((one, other) => other.startMs - one.startMs)[0];
  const where = deepest
    ? `; failed first in ${deepest.service} ${deepest.name} (${deepest.attributes['error.message'] ?? deepest.attributes['http.response.status_code'] ?? (deepest.statusMessage || 'error')})`
    : '';
  return `${spans.length} ${spans.length === 1 ? 'span' : 'spans'} of ${services}${where}`;
}
