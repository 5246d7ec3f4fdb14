import { setTimeout as sleep } from 'node:timers/promises';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { http } from './http.ts';
import { attributes, metricsBody } from './otlp-samples.ts';

/** Scrape and evaluation interval of the platform. */
const INTERVAL_MS = 15_000;
/** Less than an hour: of what is older a receiver takes nothing once it has something new, be it of another series. */
const PAST_MS = 50 * 60_000;
const REQUESTS_AN_INTERVAL = 150;
/** What Prometheus evaluates sees the samples of so long ago: they have had the time to arrive. */
const EVALUATED_AFTER_MS = 5_000;
/** Evaluations of all that is good before the step. */
const GOOD_INTERVALS = 2;
const PAGE_WITHIN_INTERVALS = 10;
/**
 * When 100 % errors are more than 14.4 times the budget of a 99.9 % objective in the last hour, or 6 times in the last six hours, of
 * which there is no more than the past: the first evaluation after that.
 */
const SPENT_AFTER_MS = Math.min(14.4 * 0.001 * 3_600_000, 6 * 0.001 * PAST_MS);
const EXPECTED_SECONDS = (Math.ceil(SPENT_AFTER_MS / INTERVAL_MS) * INTERVAL_MS) / 1000;

const PAGE = { alertname: 'ErrorBudgetBurn', severity: 'page', slo: 'storefront-availability' };

export interface SloStep {
  /** From the step to the evaluation that fired. */
  readonly prometheusSeconds: number;
  readonly rulerSeconds: number;
}

interface SloStepOptions {
  /** Prometheus with its own rules, and its OTLP receiver on. */
  readonly prometheus: string;
  readonly receive: string;
  /** Thanos' API, which has thanos-rule's alerts. */
  readonly query: string;
  readonly signal: AbortSignal;
}

/** When the page began to fire at one that evaluates the rules. */
async function firingSinceMs(url: string, signal: AbortSignal): Promise<number | undefined> {
  const { status, data } = await http.get(`${url}/api/v1/alerts`, { signal });
  if (status !== 200) throw new Error(`${url}: ${status}`);
  // Of Thanos it is null where there is none.
  const alerts: { state: string; activeAt: string; labels: Record<string, string> }[] =
    data.data.alerts ?? [];
  const page = alerts.find(
    ({ state, labels }) =>
      state === 'firing' && Object.entries(PAGE).every(([name, value]) => labels[name] === value),
  );
  return page && Date.parse(page.activeAt);
}

async function lastEvaluationMs(url: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    const { data } = await http.get(`${url}/api/v1/rules`, { signal });
    const groups: { name: string; lastEvaluation: string }[] = data.data.groups;
    const at = Date.parse(
      groups.find(({ name }) => name === 'slo-storefront-availability-page')?.lastEvaluation ?? '',
    );
    if (at > 0) return at;
    await sleep(500, undefined, { signal });
  }
}

/** Counters of a storefront at a moment: all requests are good until `stepMs`, and none after it. */
function counters(stepMs: number, fromMs: number, atMs: readonly number[]) {
  const point = (statusClass: string, timeMs: number, value: number) => ({
    attributes: attributes({ service: 'storefront', status_class: statusClass }),
    startTimeUnixNano: `${fromMs}000000`,
    timeUnixNano: `${timeMs}000000`,
    asDouble: value,
  });
  const requests = (ms: number) => (REQUESTS_AN_INTERVAL * ms) / INTERVAL_MS;
  return metricsBody({ 'service.name': 'demo-app', 'service.instance.id': 'storefront-1' }, [
    {
      name: 'http_requests_total',
      sum: {
        aggregationTemporality: 2,
        isMonotonic: true,
        dataPoints: atMs.flatMap((timeMs) => [
          point('2xx', timeMs, requests(Math.min(timeMs, stepMs) - fromMs)),
          point('5xx', timeMs, requests(Math.max(0, timeMs - stepMs))),
        ]),
      },
    },
  ]);
}

/**
 * From one moment on every request fails, which both are told alike and at the same time: when does the page fire at thanos-rule, and
 * when at a Prometheus with the same rule files?
 *
 * @throws Error where one of them takes no samples, or does not page.
 */
export async function sloStep({ prometheus, receive, query, signal }: SloStepOptions): Promise<SloStep> {
  const firstMs = (await lastEvaluationMs(prometheus, signal)) - EVALUATED_AFTER_MS;
  const fromMs = firstMs - PAST_MS;
  const past = Array.from({ length: PAST_MS / INTERVAL_MS + 1 }, (_, index) => fromMs + index * INTERVAL_MS);
  const stepMs = firstMs + (1 + GOOD_INTERVALS) * INTERVAL_MS;
  const write = async (atMs: readonly number[]) => {
    const body = counters(stepMs, fromMs, atMs);
    for (const url of [`${receive}/api/v1/otlp`, `${prometheus}/api/v1/otlp/v1/metrics`]) {
      const { status, data } = await http.post(url, body, { signal });
      if (status !== 200) throw new Error(`${url}: ${status} ${JSON.stringify(data).slice(0, 300)}`);
    }
  };
  await write(past);

  let fired: readonly (number | undefined)[] = [];
  const lastMs = stepMs + PAGE_WITHIN_INTERVALS * INTERVAL_MS;
  for (let dueMs = firstMs + INTERVAL_MS; dueMs <= lastMs; dueMs += INTERVAL_MS) {
    await sleep(Math.max(0, dueMs - Date.now()), undefined, { signal });
    await write([dueMs]);
    fired = await Promise.all([prometheus, query].map((url) => firingSinceMs(url, signal)));
    if (fired.every((at) => at !== undefined)) break;
  }
  const [atPrometheus, atRuler] = fired;
  if (atPrometheus === undefined || atRuler === undefined)
    throw new Error(
      `no page ${(lastMs - stepMs) / 1000} s after the step: Prometheus ${atPrometheus ?? 'none'}, thanos-rule ${atRuler ?? 'none'}`,
    );
  return {
    prometheusSeconds: (atPrometheus - stepMs) / 1000,
    rulerSeconds: (atRuler - stepMs) / 1000,
  };
}

const evaluationsMs = (seconds: number) => Math.floor((seconds * 1000) / INTERVAL_MS) * INTERVAL_MS;

/** Prometheus pages where the table of burn rates says, thanos-rule at most one evaluation later. */
export function sloStepPassed({ prometheusSeconds, rulerSeconds }: SloStep): boolean {
  return (
    evaluationsMs(prometheusSeconds) === EXPECTED_SECONDS * 1000 &&
    rulerSeconds - prometheusSeconds <= INTERVAL_MS / 1000
  );
}

export function sloStepTable(step: SloStep): string {
  const table = plainTable(['all requests fail from 0 s on', 'expected', 'page at']);
  table.push(
    ['Prometheus', `${EXPECTED_SECONDS} s`, `${step.prometheusSeconds.toFixed(1)} s`],
    ['thanos-rule', `at most ${INTERVAL_MS / 1000} s after that`, `${step.rulerSeconds.toFixed(1)} s`],
  );
  return table.toString();
}
