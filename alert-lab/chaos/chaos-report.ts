import { median } from '@aiops-sre/service-kit/statistics/median.ts';
import type { Fault } from '../fault/read-faults.ts';
import type { ChaosReport, Share } from './chaos-report-schema.ts';
import type { ExperimentScore, FaultScore } from './score.ts';
import { wilsonInterval } from './wilson-interval.ts';

type Goal = ChaosReport['goals'][number];
type FaultRow = ChaosReport['byFault'][number];
type CalibrationBin = ChaosReport['calibration'][number];

const BINS = [0, 0.5, 0.7, 0.8, 0.9, 1];

/** All experiments of a programme against the goals that the platform set itself. */
export function chaosReport(
  experiments: readonly ExperimentScore[],
  faults: ReadonlyMap<string, Fault>,
): ChaosReport {
  const all = experiments.flatMap((each) => each.faults);
  const of = (is: (fault: Fault) => boolean) =>
    all.filter((score) => {
      const fault = faults.get(score.fault);
      return fault !== undefined && is(fault);
    });
  const killed = of(({ begin }) => begin.some(({ kill }) => kill !== undefined));
  const outOfMemory = of(({ begin }) =>
    begin.some((deed) => (deed.faults?.inject.heapLeakMbPerMinute ?? 0) > 0),
  );
  const released = of(({ truth }) => truth?.change === 'deploy');
  const healable = all.filter(({ mayHeal }) => mayHeal);
  const withIncident = all.filter(({ hasIncident }) => hasIncident);
  const ranked = all.filter(({ lastRoot }) => lastRoot !== null);
  const acts = all.flatMap(({ acted }) => acted).length;
  const wrong = all.flatMap(({ wrongActs }) => wrongActs).length;
  const quietSeconds = sum(experiments.map((each) => each.quietSeconds));
  const falseIncidents = sum(experiments.map((each) => each.falseIncidents));
  const spent = experiments.map(({ budgetSpent }) => Math.max(0, ...Object.values(budgetSpent)));
  const drafts = all.filter(({ isRootInPostmortem }) => isRootInPostmortem !== null);
  return {
    experiments: experiments.length,
    faults: all.length,
    goals: [
      atLeast('detected', 0.98, all, isDetected),
      within(
        'median time to the first notification',
        60,
        all.map((each) => each.notifiedSeconds),
      ),
      within(
        'instance killed: noticed, median',
        15,
        killed.map((each) => each.detectedSeconds),
      ),
      within(
        'instance killed: served again, median',
        30,
        killed.map((each) => each.healedSeconds),
      ),
      within(
        'out of memory: healed, median',
        120,
        outOfMemory.map((each) => each.healedSeconds),
      ),
      within(
        'bad release: rolled back, median',
        180,
        released.map((each) => each.healedSeconds),
      ),
      atLeast('healed without a person, of what can be', 0.85, healable, isHealed),
      {
        what: 'wrong acts, of all acts',
        goal: 'at most 1 %',
        target: 0.01,
        figure: share(wrong, acts),
        isMet: acts === 0 ? null : wrong / acts <= 0.01,
      },
      atLeast(
        'one incident, of faults that have one',
        0.95,
        withIncident,
        ({ incidents }) => incidents === 1,
      ),
      atLeast('at most one notification a person', 0.95, withIncident, (each) => each.notifications <= 1),
      atLeast('root first, of ranked incidents', 0.85, ranked, ({ lastRoot }) => lastRoot!.isFirst),
      atLeast('root in first three', 0.95, ranked, ({ lastRoot }) => lastRoot!.isInThree),
      atLeast('postmortem draft names the root', 0.85, drafts, (each) => each.isRootInPostmortem === true),
      {
        what: 'false incidents in quiet time',
        goal: '0 in 10 hours',
        target: 0,
        figure: { count: falseIncidents, hours: quietSeconds / 3600 },
        isMet: quietSeconds === 0 ? null : falseIncidents === 0,
      },
    ],
    byFault: [...Map.groupBy(all, ({ fault }) => fault)]
      .map(([fault, scores]) => faultRow(fault, scores))
      .sort((one, other) => one.fault.localeCompare(other.fault)),
    calibration: BINS.slice(0, -1).map((from, index) => calibrationBin(from, BINS[index + 1]!, ranked)),
    quietHours: quietSeconds / 3600,
    falseIncidents,
    medianBudgetSpent: medianOf(spent),
    notCalm: experiments.filter(({ isCalm }) => !isCalm).length,
    problems: experiments.flatMap(({ problems }) => problems),
  };
}

const isDetected = ({ detectedSeconds }: FaultScore) => detectedSeconds !== null;
const isHealed = ({ healedSeconds }: FaultScore) => healedSeconds !== null;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const share = (hits: number, of: number): Share => ({ hits, of, interval: wilsonInterval(hits, of) });

function atLeast(
  what: string,
  goal: number,
  scores: readonly FaultScore[],
  is: (score: FaultScore) => boolean,
): Goal {
  const hits = scores.filter(is).length;
  return {
    what,
    goal: `${goal * 100} %`,
    target: goal,
    figure: share(hits, scores.length),
    isMet: scores.length === 0 ? null : hits / scores.length >= goal,
  };
}

/** The median of those that came about: how many did not is told beside it. */
function within(what: string, goal: number, times: readonly (number | null)[]): Goal {
  const came = times.filter((each) => each !== null);
  const seconds = medianOf(came);
  return {
    what,
    goal: `${goal} s`,
    target: goal,
    figure: { seconds, of: came.length, never: times.length - came.length },
    isMet: times.length === 0 ? null : seconds !== null && seconds <= goal,
  };
}

/** null of none. */
function medianOf(values: readonly (number | null)[]): number | null {
  const there = values.filter((each) => each !== null);
  return there.length === 0 ? null : median(there);
}

function faultRow(fault: string, scores: readonly FaultScore[]): FaultRow {
  const count = (is: (score: FaultScore) => boolean | undefined) => scores.filter(is).length;
  return {
    fault,
    played: scores.length,
    detected: count(isDetected),
    inTime: count(({ isInTime }) => isInTime),
    medianDetectedSeconds: medianOf(scores.map((each) => each.detectedSeconds)),
    medianNotifiedSeconds: medianOf(scores.map((each) => each.notifiedSeconds)),
    oneIncident: count(({ incidents }) => incidents === 1),
    medianAlerts: medianOf(scores.filter(({ hasIncident }) => hasIncident).map(({ alerts }) => alerts)),
    rootFirst: count(({ lastRoot }) => lastRoot?.isFirst),
    rootInThree: count(({ lastRoot }) => lastRoot?.isInThree),
    rootWhole: count(({ lastRoot }) => lastRoot?.isWhole),
    ranked: count(({ lastRoot }) => lastRoot !== null),
    mayHeal: scores.some(({ mayHeal }) => mayHeal),
    healed: count(isHealed),
    medianHealedSeconds: medianOf(scores.map((each) => each.healedSeconds)),
    acted: [...new Set(scores.flatMap(({ acted }) => acted))].sort(),
    wrongActs: [...new Set(scores.flatMap(({ wrongActs }) => wrongActs))].sort(),
  };
}

function calibrationBin(from: number, to: number, ranked: readonly FaultScore[]): CalibrationBin {
  const roots = ranked
    .map(({ lastRoot }) => lastRoot!)
    .filter(({ confidence }) => confidence >= from && (confidence < to || to === 1));
  return {
    from,
    to,
    meanConfidence: roots.length === 0 ? null : sum(roots.map(({ confidence }) => confidence)) / roots.length,
    right: share(roots.filter(({ isFirst }) => isFirst).length, roots.length),
  };
}
