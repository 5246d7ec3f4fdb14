import { stringify } from 'yaml';
import { API_VERSION } from '../reading/definition-schema.ts';
import { readDefinitions } from '../reading/read-definitions.ts';
import {
  type Candidate,
  type CounterCandidate,
  findCandidates,
  type HistogramCandidate,
} from './candidates.ts';
import {
  type ChosenObjective,
  chooseObjective,
  type DailyEvents,
  MARGIN,
  type NoObjective,
} from './objective-choice.ts';
import type { MetricSource } from './prometheus-source.ts';

export interface Suggestions {
  /** OpenSLO documents that validate; empty text where nothing could be suggested. */
  readonly yaml: string;
  readonly names: readonly string[];
  /** What was looked at and why nothing came of it. */
  readonly skipped: readonly string[];
}

const REASONS: Readonly<Record<NoObjective, string>> = {
  'too-few-days': 'has less than seven days of data',
  'too-few-events': 'has less than 1000 events a week',
  'too-many-errors': `missed even 90 % with a margin of ${MARGIN} in its worst week`,
};
/** A latency objective leaves some share of slow requests; beyond that a higher bound says more than more nines. */
const LATENCY_OBJECTIVE_LIMIT = 0.99;

/** Learns from the past what each service has been able to keep and proposes that, with the reasons in the description. */
export async function suggestSlos(source: MetricSource): Promise<Suggestions> {
  const documents = new Map<string, string>();
  const services = new Set<string>();
  const skipped: string[] = [];
  for (const candidate of await findCandidates(source)) {
    const label = `${candidate.metric}{${candidate.selector}}`;
    const suggestion =
      candidate.kind === 'counter' ? await availability(source, candidate) : await latency(source, candidate);
    if ('reason' in suggestion) {
      skipped.push(`${label} ${suggestion.reason}`);
      continue;
    }
    const name = uniqueName(suggestion.name, documents);
    services.add(dnsLabel(candidate.service));
    documents.set(name, stringify(sloDocument(name, candidate, suggestion), { lineWidth: 0 }));
  }
  const all = [
    ...[...services]
      .sort()
      .map((name) => stringify({ apiVersion: API_VERSION, kind: 'Service', metadata: { name } })),
    ...[...documents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
  ];
  const yaml = documents.size > 0 ? all.join('---\n') : '';
  // What is proposed has to be accepted: a violation here is a fault of this program, not of the input.
  if (yaml !== '') readDefinitions([{ file: 'suggestions', text: yaml }]);
  return { yaml, names: [...documents.keys()].sort(), skipped };
}

interface Suggestion {
  readonly name: string;
  readonly description: string;
  readonly objective: Record<string, unknown>;
  readonly indicator: Record<string, unknown>;
}

type Outcome = Suggestion | { readonly reason: string };

async function availability(source: MetricSource, candidate: CounterCandidate): Promise<Outcome> {
  const { metric, selector, badMatcher, service } = candidate;
  const chosen = chooseObjective(
    await dailyEvents(source, `${metric}{${selector},${badMatcher}}`, `${metric}{${selector}}`, 'bad'),
  );
  if (typeof chosen === 'string') return { reason: REASONS[chosen] };
  const rate = (matchers: string) => metricSource(`sum(rate(${metric}{${matchers}}[{{.window}}]))`);
  return {
    name: `${dnsLabel(service)}-availability`,
    description: `Events of ${metric} without ${badMatcher}. ${reasoning(chosen, 'failed')}`,
    objective: { target: chosen.objective },
    indicator: {
      ratioMetric: { counter: true, bad: rate(`${selector},${badMatcher}`), total: rate(selector) },
    },
  };
}

/** The lowest bucket bound that keeps the usual objective for latency, or the next lower one. */
async function latency(source: MetricSource, candidate: HistogramCandidate): Promise<Outcome> {
  const { metric, selector, boundsSeconds, service } = candidate;
  let reason: NoObjective = 'too-many-errors';
  let best: { chosen: ChosenObjective; bound: number } | undefined;
  for (const bound of boundsSeconds) {
    const le = Number.isInteger(bound) ? `le=~"${bound}|${bound}\\\\.0"` : `le="${bound}"`;
    const chosen = chooseObjective(
      await dailyEvents(source, `${metric}{${selector},${le}}`, `${metric}{${selector},le="+Inf"}`, 'good'),
    );
    if (typeof chosen === 'string') {
      reason = chosen;
      if (chosen !== 'too-many-errors') break;
      continue;
    }
    if (chosen.objective < 0.95) continue;
    best ??= { chosen, bound };
    if (chosen.objective >= LATENCY_OBJECTIVE_LIMIT) {
      best = { chosen, bound };
      break;
    }
  }
  if (!best) return { reason: REASONS[reason] };
  const { chosen, bound } = best;
  const target = Math.min(chosen.objective, LATENCY_OBJECTIVE_LIMIT);
  return {
    name: `${dnsLabel(service)}-latency`,
    description: `Events of ${metric.replace(/_bucket$/, '')} within ${bound} s. ${reasoning({ ...chosen, objective: target, margin: (1 - target) / chosen.worstWeekErrorRatio }, 'took longer')}`,
    objective: { op: 'lte', value: bound, target },
    indicator: { thresholdMetric: metricSource(`sum(rate(${metric}{${selector}}[{{.window}}]))`) },
  };
}

async function dailyEvents(
  source: MetricSource,
  numerator: string,
  total: string,
  counts: 'good' | 'bad',
): Promise<DailyEvents[]> {
  const totalDays = `sum(increase(${total}[1d]))`;
  const totals = await source.daily(totalDays);
  const numerators = await source.daily(`sum(increase(${numerator}[1d])) or 0 * ${totalDays}`);
  return totals.map((events, day) => {
    const counted = numerators[day] ?? 0;
    return { total: events, bad: Math.max(0, counts === 'bad' ? counted : events - counted) };
  });
}

function reasoning(
  { objective, errorRatio, worstWeekErrorRatio, events, days, margin }: ChosenObjective,
  failed: string,
): string {
  const share = (ratio: number) => `${Number((ratio * 100).toPrecision(2))} %`;
  const spare = Number.isFinite(margin)
    ? `leaves a margin of ${margin.toFixed(1)}`
    : 'would have been met without a single failure';
  return (
    `In the last ${days} days ${share(errorRatio)} of ${Math.round(events).toLocaleString('en')} events ${failed}, ` +
    `${share(worstWeekErrorRatio)} in the worst seven days; against that ${Number((objective * 100).toFixed(3))} % ${spare}.`
  );
}

function sloDocument(
  name: string,
  { service }: Candidate,
  { description, objective, indicator }: Suggestion,
) {
  return {
    apiVersion: API_VERSION,
    kind: 'SLO',
    metadata: { name },
    spec: {
      description,
      service: dnsLabel(service),
      indicator: { metadata: { name: `${name}-indicator`.slice(0, 63) }, spec: indicator },
      timeWindow: [{ duration: '30d', isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [objective],
    },
  };
}

function metricSource(query: string) {
  return { metricSource: { type: 'Prometheus', spec: { query } } };
}

function dnsLabel(text: string): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 45)
    .replace(/^-+|-+$/g, '');
  return label === '' ? 'unnamed' : label;
}

function uniqueName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  for (let count = 2; ; count += 1) if (!taken.has(`${name}-${count}`)) return `${name}-${count}`;
}
