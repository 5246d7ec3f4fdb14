import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { ChaosReport, ProgrammeHead } from './chaos-report-schema.ts';

/** A value of a gauge. */
export interface Figure {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a report says, as gauges of the dashboard _Chaos_: what it does not know has none. */
export function reportFigures({ seed, only, ...report }: ProgrammeHead & ChaosReport): readonly Figure[] {
  const programme = `seed ${seed}${only.length > 0 ? ` of ${only.join(', ')}` : ''}`;
  const figures: Figure[] = [];
  const add = (metric: string, labels: Readonly<Record<string, string>>, value: number | null) => {
    if (value !== null) figures.push({ metric, labels: { programme, ...labels }, value });
  };
  const addEach = (
    metric: string,
    labels: Readonly<Record<string, string>>,
    by: string,
    values: Readonly<Record<string, number | null>>,
  ) => {
    for (const [name, value] of Object.entries(values)) add(metric, { ...labels, [by]: name }, value);
  };

  add(METRICS.chaosExperiments, {}, report.experiments);
  add(METRICS.chaosQuietHours, {}, report.quietHours);
  add(METRICS.chaosFalseIncidents, {}, report.falseIncidents);
  add(METRICS.chaosBudgetSpent, {}, report.medianBudgetSpent);
  for (const { what: goal, target, figure, isMet } of report.goals) {
    add(METRICS.chaosGoalMet, { goal }, isMet === null ? null : Number(isMet));
    if ('hits' in figure) {
      const { hits, of, interval } = figure;
      const [least, most] = interval;
      addEach(METRICS.chaosGoalShare, { goal }, 'figure', {
        goal: target,
        ...(of > 0 && { got: hits / of, least, most }),
      });
      addEach(METRICS.chaosGoalEvents, { goal }, 'what', { played: of });
    } else if ('seconds' in figure) {
      const { seconds, of, never } = figure;
      addEach(METRICS.chaosGoalTime, { goal }, 'figure', { goal: target, got: seconds });
      addEach(METRICS.chaosGoalEvents, { goal }, 'what', { played: of + never, never });
    }
  }
  for (const row of report.byFault) {
    const { fault } = row;
    addEach(METRICS.chaosFaultCount, { fault }, 'what', {
      played: row.played,
      detected: row.detected,
      in_time: row.inTime,
      one_incident: row.oneIncident,
      ranked: row.ranked,
      root_first: row.rootFirst,
      root_in_three: row.rootInThree,
      root_whole: row.rootWhole,
      healed: row.mayHeal ? row.healed : null,
      wrong_acts: row.wrongActs.length,
    });
    addEach(METRICS.chaosFaultTime, { fault }, 'until', {
      detected: row.medianDetectedSeconds,
      notified: row.medianNotifiedSeconds,
      healed: row.medianHealedSeconds,
    });
    add(METRICS.chaosFaultAlerts, { fault }, row.medianAlerts);
  }
  for (const { from, meanConfidence, right } of report.calibration) {
    const claimed = `${Math.round(from * 100)} %`;
    add(METRICS.chaosRoots, { claimed }, right.of);
    add(METRICS.chaosRightRoots, { claimed }, right.hits);
    add(METRICS.chaosConfidence, { claimed }, meanConfidence);
  }
  return figures;
}
