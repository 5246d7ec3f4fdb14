import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';

const LOOK_EVERY_MS = 2_000;
const WITHIN_MS = 90_000;
/** Traces that are looked at in Tempo, span by span. */
const TRACES = 100;
const TIMEOUT_MS = 10_000;

/** Each service counts its requests by itself, and the Collector counts their spans. */
const SERVED = `sum by (service) (${METRICS.httpRequests}{service!="traffic"})`;
const TRACED = `sum by (service) (label_replace(${METRICS.spanCalls}{span_kind="SPAN_KIND_SERVER"}, "service", "$1", "service_name", "(.+)"))`;
const ACCEPTED = 'sum(otelcol_receiver_accepted_spans)';
const REFUSED = 'sum(otelcol_receiver_refused_spans) + sum(otelcol_receiver_failed_spans)';
const IN_TEMPO = 'sum(tempo_distributor_spans_received_total)';
const DISCARDED = 'sum(tempo_discarded_spans_total) or vector(0)';

export interface Completeness {
  /** Requests that all services counted, and their server spans that the Collector counted. */
  readonly served: number;
  readonly traced: number;
  /** Spans that the Collector took, those it did not, those that came to Tempo and what Tempo threw away. */
  readonly accepted: number;
  readonly refused: number;
  readonly inTempo: number;
  readonly discarded: number;
  /** Traces that were looked for in Tempo, and those that are there without a span whose parent is not. */
  readonly asked: number;
  readonly whole: number;
}

interface CompletenessOptions {
  readonly prometheus: PrometheusClient;
  readonly tempoUrl: string;
  readonly traceIds: readonly string[];
  readonly signal: AbortSignal;
}

/** What arrived of all that was ever sent in this stack, once all of it did or there was time enough. */
export async function completeness(options: CompletenessOptions): Promise<Completeness> {
  const { prometheus, signal } = options;
  const bySum = async (query: string) =>
    (await prometheus.query(query)).reduce((sum, { value }) => sum + value, 0);
  const value = async (query: string) => (await prometheus.value(query)) ?? 0;
  const every = Math.max(1, Math.floor(options.traceIds.length / TRACES));
  const asked = options.traceIds.filter((_, index) => index % every === 0).slice(0, TRACES);
  const missing = new Set(asked);
  let before = -1;
  for (const deadline = performance.now() + WITHIN_MS; ; ) {
    for (const id of missing) if (await isWhole(`${options.tempoUrl}/api/traces/${id}`)) missing.delete(id);
    const [served, traced, accepted, inTempo] = await Promise.all([
      bySum(SERVED),
      bySum(TRACED),
      value(ACCEPTED),
      value(IN_TEMPO),
    ]);
    const isStill = before === served + traced + accepted + inTempo;
    before = served + traced + accepted + inTempo;
    const isComplete = isStill && traced >= served && inTempo >= accepted && missing.size === 0;
    if (isComplete || performance.now() > deadline)
      return {
        served,
        traced,
        accepted,
        refused: await value(REFUSED),
        inTempo,
        discarded: await value(DISCARDED),
        asked: asked.length,
        whole: asked.length - missing.size,
      };
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

interface TempoSpan {
  readonly spanId: string;
  readonly parentSpanId?: string;
}

async function isWhole(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (answer.status !== 200) return false;
  const { batches } = (await answer.json()) as { batches?: { scopeSpans: { spans: TempoSpan[] }[] }[] };
  const spans = (batches ?? []).flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.length > 1 && spans.every(({ parentSpanId }) => !parentSpanId || ids.has(parentSpanId));
}
