import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { bucketMatcher } from '../promql/le-bound.ts';
import type { Candidate, CounterCandidate, HistogramCandidate } from './candidates.ts';
import {
  type ChosenObjective,
  chooseObjective,
  type DailyEvents,
  MARGIN,
  type NoObjective,
  type ProvisionalObjective,
  provisionalObjective,
} from './objective-choice.ts';
import type { MetricSource } from './prometheus-source.ts';

/** An SLO that a candidate's past speaks for. */
export interface Suggestion {
  readonly kind: 'availability' | 'latency';
  readonly description: string;
  /** As in `spec.objectives`. */
  readonly objective: { readonly target: number; readonly op?: 'lte'; readonly value?: number };
  /** As in `spec.indicator.spec`. */
  readonly indicator: Record<string, unknown>;
  /** Why it is to be looked at again; empty where a week and more stands behind it. */
  readonly provisional: readonly string[];
  readonly events: number;
  readonly dataSeconds: number;
  readonly endsWhenIdle: boolean;
}

export type Outcome = Suggestion | { readonly reason: string };

const REASONS: Readonly<Record<NoObjective, string>> = {
  'too-few-days': 'has less than seven days of data',
  'too-few-events': 'has less than 1000 events a week',
  'too-many-errors': `missed even 90 % with a margin of ${MARGIN} in its worst week`,
};
/** A latency objective leaves some share of slow requests; beyond that a higher bound says more than more nines. */
const LATENCY_OBJECTIVE_LIMIT = 0.99;
const DAY_SECONDS = 86_400;

/** What objective a candidate can be given: by a week and more of its past, else by what there is, and then provisionally. */
export function learn(source: MetricSource, candidate: Candidate): Promise<Outcome> {
  return candidate.kind === 'counter' ? availability(source, candidate) : latency(source, candidate);
}

async function availability(source: MetricSource, candidate: CounterCandidate): Promise<Outcome> {
  const { metric, selector, badMatcher, endsWhenIdle } = candidate;
  const [bad, total] = [`${metric}{${selector},${badMatcher}}`, `${metric}{${selector}}`];
  const rate = (matchers: string) => metricSource(`sum(rate(${metric}{${matchers}}[{{.window}}]))`);
  const indicator = {
    ratioMetric: { counter: true, bad: rate(`${selector},${badMatcher}`), total: rate(selector) },
  };
  const what = `Events of ${metric} without ${badMatcher}.`;
  const common = { kind: 'availability' as const, indicator, endsWhenIdle };
  const chosen = chooseObjective(await dailyEvents(source, bad, total, 'bad'));
  if (typeof chosen !== 'string')
    return {
      ...common,
      ...behindIt(chosen),
      description: `${what} ${reasoning(chosen, 'failed')}`,
      objective: { target: chosen.objective },
    };
  if (chosen === 'too-many-errors') return { reason: REASONS[chosen] };
  const seen = await seenSoFar(source, total);
  if (!seen) return { reason: `${REASONS[chosen]}, and no events yet` };
  const first = provisionalObjective({ total: seen.total, bad: await seen.countedBy(bad) }, seen.seconds);
  return {
    ...common,
    description: `${what} Provisional.`,
    objective: { target: first.objective },
    provisional: provisionally(first, seen, 'failed'),
    events: seen.total,
    dataSeconds: seen.seconds,
  };
}

/** The lowest bucket bound that keeps the usual objective for latency, or the next lower one. */
async function latency(source: MetricSource, candidate: HistogramCandidate): Promise<Outcome> {
  const { metric, selector, bounds, unitsASecond, endsWhenIdle } = candidate;
  const all = `${metric}{${selector},le="+Inf"}`;
  const within = (bound: number) => `${metric}{${selector},${bucketMatcher(bound)}}`;
  const indicator = { thresholdMetric: metricSource(`sum(rate(${metric}{${selector}}[{{.window}}]))`) };
  const common = { kind: 'latency' as const, indicator, endsWhenIdle };
  const what = (bound: number) =>
    `Events of ${metric.replace(/_bucket$/, '')} within ${bound / unitsASecond} s.`;
  let reason: NoObjective = 'too-many-errors';
  let best: { chosen: ChosenObjective; bound: number } | undefined;
  for (const bound of bounds) {
    const chosen = chooseObjective(await dailyEvents(source, within(bound), all, 'good'));
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
  if (best) {
    const { chosen, bound } = best;
    const target = Math.min(chosen.objective, LATENCY_OBJECTIVE_LIMIT);
    const kept = { ...chosen, objective: target, margin: (1 - target) / chosen.worstWeekErrorRatio };
    return {
      ...common,
      ...behindIt(chosen),
      description: `${what(bound)} ${reasoning(kept, 'took longer')}`,
      objective: { op: 'lte', value: bound, target },
    };
  }
  if (reason === 'too-many-errors') return { reason: REASONS[reason] };
  const seen = await seenSoFar(source, all);
  if (!seen) return { reason: `${REASONS[reason]}, and no events yet` };
  const { total, seconds } = seen;
  for (const [index, bound] of bounds.entries()) {
    const bad = total - (await seen.countedBy(within(bound)));
    const first = provisionalObjective({ total, bad }, seconds);
    const target = Math.min(first.objective, LATENCY_OBJECTIVE_LIMIT);
    const isLast = index === bounds.length - 1;
    if (!isLast && bad * MARGIN > (1 - target) * total) continue;
    // What was kept for minutes was kept on a good day.
    const value = bounds[index + 1] ?? bound;
    return {
      ...common,
      description: `${what(value)} Provisional.`,
      objective: { op: 'lte', value, target },
      provisional: [
        ...provisionally({ ...first, objective: target }, seen, `took longer than ${bound / unitsASecond} s`),
        ...(isLast ? ['the histogram has no higher bound'] : ['one bound higher than what was kept so far']),
      ],
      events: seen.total,
      dataSeconds: seen.seconds,
    };
  }
  return { reason: 'has no bounds' };
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

interface SeenSoFar {
  readonly seconds: number;
  readonly total: number;
  /** How many of those events another selector counts. */
  readonly countedBy: (selector: string) => Promise<number>;
}

/** Events since the first sample, at most of a week; undefined where there were none. */
async function seenSoFar(source: MetricSource, total: string): Promise<SeenSoFar | undefined> {
  const age = await source.ageSeconds(total);
  if (age === undefined) return undefined;
  const seconds = Math.max(60, Math.ceil(age));
  const over = async (selector: string) => {
    const grown = (await source.value(`sum(increase(${selector}[${seconds}s]))`)) ?? 0;
    // What a counter held at its first sample, no increase tells.
    return grown > 0 ? grown : ((await source.value(`sum(${selector})`)) ?? 0);
  };
  const events = await over(total);
  if (!(events > 0)) return undefined;
  return {
    seconds,
    total: events,
    countedBy: async (selector) => Math.min(await over(selector), events),
  };
}

const behindIt = ({ events, days }: ChosenObjective) => ({
  provisional: [] as readonly string[],
  events,
  dataSeconds: days * DAY_SECONDS,
});

const share = (ratio: number) => `${Number((ratio * 100).toPrecision(2))} %`;
/** Without rounding 99.5 % up. */
const objectiveText = (objective: number) => `${Number((objective * 100).toFixed(3))} %`;
const count = (events: number) => Math.round(events).toLocaleString('en');

function provisionally(
  { objective, errorRatio, upperErrorRatio, eventsAPeriod, because }: ProvisionalObjective,
  { total, seconds }: { readonly total: number; readonly seconds: number },
  failed: string,
): readonly string[] {
  const why = {
    usual: `${objectiveText(objective)} is the usual beginning`,
    'low-traffic': `${count(eventsAPeriod)} events in 30 days at this rate: with a stricter objective than ${objectiveText(objective)} a few failures would be the whole budget`,
    failures: `${objectiveText(objective)} is what failures so far leave`,
  };
  return [
    `${duration(seconds * 1000)} of data, ${count(total)} events: ${share(errorRatio)} ${failed}, and it may be ${share(upperErrorRatio)} for all that was seen`,
    why[because],
  ];
}

function reasoning(
  { objective, errorRatio, worstWeekErrorRatio, events, days, margin }: ChosenObjective,
  failed: string,
): string {
  const spare = Number.isFinite(margin)
    ? `leaves a margin of ${margin.toFixed(1)}`
    : 'would have been met without a single failure';
  return (
    `In the last ${days} days ${share(errorRatio)} of ${count(events)} events ${failed}, ` +
    `${share(worstWeekErrorRatio)} in the worst seven days; against that ${objectiveText(objective)} ${spare}.`
  );
}

function metricSource(query: string) {
  return { metricSource: { type: 'Prometheus', spec: { query } } };
}
