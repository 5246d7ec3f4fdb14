import { METRICS, STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { SERVICE_NAMESPACE, STOREFRONT_CANARY } from '@aiops-sre/conventions/services.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { type Labels, sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';
import { increments } from './increments.ts';

/** What was counted of one version, in whole events. */
interface ArmCounts {
  /** As visitors saw them: what was not answered has failed. */
  readonly requests: number;
  readonly failed: number;
  /** Of those that were answered, as their durations arrived. */
  readonly timed: number;
  /** Of those, longer than the latency objective allows. */
  readonly slow: number;
  /** Of those whose spans arrived. */
  readonly served: number;
  /** Made to others for them. */
  readonly calls: number;
}

export interface Arms {
  readonly canary: ArmCounts;
  readonly stable: ArmCounts;
  /** Resident memory of the canary: Unix seconds and bytes, oldest first. */
  readonly memory: readonly (readonly [atSeconds: number, bytes: number])[];
}

/** Unix seconds. The stable version is looked at in a time of its own where it gets no requests any more. */
export interface ArmsSpan {
  readonly canaryFromSeconds: number;
  readonly stableFromSeconds: number;
  readonly stableToSeconds: number;
  readonly untilSeconds: number;
}

/** Of the scrapes of what is counted here. */
const STEP_SECONDS = 5;
const FAILED = new Set(['5xx', 'no_answer']);
const WITHIN = String(STOREFRONT_LATENCY_OBJECTIVE_SECONDS);

/** Asks Prometheus for both versions at once. */
export async function readArms(
  prometheus: Pick<PrometheusClient, 'queryRange'>,
  span: ArmsSpan,
  signal?: AbortSignal,
): Promise<Arms> {
  const startSeconds = Math.min(span.canaryFromSeconds, span.stableFromSeconds);
  // A series of its own for each label set: of a sum, one that restarts would look like none that does.
  const ask = async (query: string, from: number) => {
    const range = { query, startSeconds: from, endSeconds: span.untilSeconds, stepSeconds: STEP_SECONDS };
    return (await prometheus.queryRange(range, signal)).series;
  };
  const [asked, durations, spans, memory] = await Promise.all([
    ask(`${METRICS.trafficRequests}{job="demo-app"}`, startSeconds),
    ask(
      `${METRICS.httpServerDuration}_bucket{job="${SERVICE_NAMESPACE}/storefront",http_route=~"/api/.+",le=~"${WITHIN.replace('.', '\\\\.')}|\\\\+Inf"}`,
      startSeconds,
    ),
    ask(
      `${METRICS.serviceCalls}{service_name="storefront",span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CLIENT"}`,
      startSeconds,
    ),
    ask(
      `process_resident_memory_bytes{job="demo-app",instance="${STOREFRONT_CANARY.instance}"}`,
      span.canaryFromSeconds,
    ),
  ]);
  type Series = Awaited<ReturnType<typeof ask>>;
  const isCanary = ({ instance }: Labels) => instance === STOREFRONT_CANARY.instance;
  const arm = (canary: boolean): ArmCounts => {
    const count = (series: Series, which: (labels: Labels) => boolean) =>
      series
        .filter(({ labels }) => which(labels))
        .reduce(
          (sum, { samples }) =>
            sum +
            (canary
              ? increments(samples, span.canaryFromSeconds)
              : increments(samples, span.stableFromSeconds, span.stableToSeconds)),
          0,
        );
    const mine = (labels: Labels) => isCanary(labels) === canary;
    const sent = ({ arm }: Labels) => arm === (canary ? 'canary' : 'stable');
    const timed = count(durations, (labels) => mine(labels) && labels.le === '+Inf');
    return {
      requests: count(asked, sent),
      failed: count(asked, (labels) => sent(labels) && FAILED.has(labels.outcome ?? '')),
      timed,
      slow: timed - count(durations, (labels) => mine(labels) && labels.le !== '+Inf'),
      served: count(spans, (labels) => mine(labels) && labels.span_kind === 'SPAN_KIND_SERVER'),
      calls: count(spans, (labels) => mine(labels) && labels.span_kind === 'SPAN_KIND_CLIENT'),
    };
  };
  return {
    canary: arm(true),
    stable: arm(false),
    memory: (memory[0]?.samples ?? []).map(([at, text]) => [at, sampleValue(text)] as const),
  };
}
