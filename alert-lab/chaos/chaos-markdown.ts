import { NEW_STACK_AFTER_MS } from '../drill/calm.ts';
import { markdownTable } from '../markdown-table.ts';
import type { ChaosReport, ProgrammeHead, Share } from './chaos-report-schema.ts';

/** Beside the report. */
export const CALIBRATION_FILE = 'calibration.generated.svg';

/** The report for people. */
export function chaosMarkdown(report: ChaosReport, { seed, only }: ProgrammeHead): string {
  const { experiments, faults, goals, byFault, calibration, medianBudgetSpent, notCalm, problems } = report;
  return `# Chaos: what the platform makes of faults

Written by \`npm run -s lab -- chaos-report\`: seed ${seed}${only.length > 0 ? `, of ${only.join(', ')} alone` : ''}, ${experiments} experiments with ${faults} faults, on stacks of their own with the shipped
configuration. The truth is in \`alert-lab/faults\`. Shares have their 95 % interval (Wilson) beside them: few experiments say little.

## Against the goals

${markdownTable(
  ['', 'goal', 'got', 'met'],
  goals.map(({ what, goal, figure, isMet }) => [
    what,
    goal,
    isMet === null ? 'not played' : figureText(figure),
    isMet === null ? '' : isMet ? 'yes' : '**no**',
  ]),
)}

An experiment's median share of an error budget, of the SLO that lost most: ${medianBudgetSpent === null ? 'none' : percent(medianBudgetSpent, 2)}.
${notCalm === 0 ? 'After each, all incidents resolved by themselves.' : `After ${notCalm} of them an incident was still open ${NEW_STACK_AFTER_MS / 60_000} minutes later; the next one got a new stack.`}

## By fault

Times are medians. Roots are those of the last ranking: first, in the first three, and first with the right trigger and instance.

${markdownTable(
  [
    'fault',
    'played',
    'detected',
    'in time',
    'after',
    'notified',
    'one incident',
    'alerts',
    'root 1st / 3 / whole',
    'healed',
    'acted',
  ],
  byFault.map((row) => [
    row.fault,
    String(row.played),
    String(row.detected),
    String(row.inTime),
    seconds(row.medianDetectedSeconds),
    seconds(row.medianNotifiedSeconds),
    String(row.oneIncident),
    row.medianAlerts === null ? '' : String(row.medianAlerts),
    row.ranked === 0 ? '' : `${row.rootFirst} / ${row.rootInThree} / ${row.rootWhole} of ${row.ranked}`,
    row.mayHeal
      ? `${row.healed}${row.healed > 0 ? `, ${seconds(row.medianHealedSeconds)}` : ''}`
      : 'no action',
    row.acted.map((action) => (row.wrongActs.includes(action) ? `**${action}**` : action)).join(', '),
  ]),
)}

Acts in bold were wrong ones.

## How sure, and how often right

![How sure probable roots were said to be, against how many of them were right](${CALIBRATION_FILE})

${markdownTable(
  ['confidence', 'roots', 'mean confidence', 'right'],
  calibration.map(({ from, to, meanConfidence, right }) => [
    `${percent(from)} to ${percent(to)}`,
    String(right.of),
    meanConfidence === null ? '' : percent(meanConfidence),
    right.of === 0 ? '' : shareText(right),
  ]),
)}
${problems.length === 0 ? '' : `\n## What went wrong in playing\n\n${problems.map((each) => `- ${each}`).join('\n')}\n`}`;
}

const percent = (ratio: number, digits = 0) => `${(ratio * 100).toFixed(digits)} %`;
const seconds = (value: number | null) => (value === null ? '' : `${Math.round(value)} s`);

function shareText({ hits, of, interval: [lower, upper] }: Share): string {
  return `${hits} of ${of}, ${percent(of === 0 ? 0 : hits / of)} (${percent(lower)} to ${percent(upper)})`;
}

function figureText(figure: ChaosReport['goals'][number]['figure']): string {
  if ('hits' in figure) return shareText(figure);
  if ('count' in figure) return `${figure.count} in ${figure.hours.toFixed(1)} hours`;
  const { seconds: median, of, never } = figure;
  return `${[median === null ? '' : `${seconds(median)} of ${of}`, never === 0 ? '' : `${never} never`].filter(Boolean).join(', ')}`;
}
