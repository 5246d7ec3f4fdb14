import { COLORS, levels } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { table } from '../panels/table.ts';
import * as queries from '../queries/chaos.ts';

const NO_REPORT = 'No report was sent: npm run -s lab -- chaos-push';

const metColumn = (figure: string) => ({
  title: 'Met',
  expression: queries.metOf(figure),
  unit: 'none',
  mappings: [valueTexts({ 0: { text: 'No', color: COLORS.bad }, 1: { text: 'Yes', color: COLORS.calm } })],
  cell: 'color' as const,
  width: 70,
});
const count = (title: string, expression: string) => ({ title, expression, unit: 'none', decimals: 0 });
const share = (title: string, expression: string) => ({
  title,
  expression,
  unit: 'percentunit',
  decimals: 0,
});
const seconds = (title: string, expression: string) => ({ title, expression, unit: 's', decimals: 0 });

export const shares = () =>
  table({
    title: 'Shares against their goals',
    description:
      'What was reached, and what it may truly be by so few events (Wilson, 95 %). Of wrong acts the goal is the most, of all others the least.',
    columns: [
      { title: 'Share', label: 'goal', width: 300 },
      share('Goal', queries.share('goal')),
      share('Got', queries.share('got')),
      share('At least', queries.share('least')),
      share('At most', queries.share('most')),
      count('Of', queries.goalEvents('played', queries.share('goal'))),
      metColumn(queries.share('goal')),
    ],
    sortBy: { title: 'Met', descending: false },
    none: { label: 'goal', text: NO_REPORT },
  });

export const times = () =>
  table({
    title: 'Times against their goals',
    description: 'Medians of those that came about. Never: those that did not, which the median leaves out.',
    columns: [
      { title: 'Time', label: 'goal', width: 280 },
      seconds('Goal', queries.time('goal')),
      seconds('Got', queries.time('got')),
      count('Of', queries.goalEvents('played', queries.time('goal'))),
      {
        ...count('Never', queries.goalEvents('never', queries.time('goal'))),
        levels: levels(COLORS.calm, [1, COLORS.watch]),
        cell: 'color',
      },
      metColumn(queries.time('goal')),
    ],
    sortBy: { title: 'Met', descending: false },
    none: { label: 'goal', text: NO_REPORT },
  });

export const faults = () =>
  table({
    title: 'By fault',
    description:
      'How often each fault was played and detected, medians of its times, whether all of it was one incident, and whether the last ranking of roots had it first, among three, and first with the right trigger and instance. Healed: by itself, where an action can. Wrong: acts that were.',
    columns: [
      { title: 'Fault', label: 'fault', width: 220 },
      count('Played', queries.faultCount('played')),
      count('Detected', queries.faultCount('detected')),
      count('In time', queries.faultCount('in_time')),
      seconds('After', queries.faultTime('detected')),
      seconds('Told after', queries.faultTime('notified')),
      count('Incident', queries.faultCount('one_incident')),
      count('Alerts', queries.faultAlerts),
      count('Ranked', queries.faultCount('ranked')),
      count('Root first', queries.faultCount('root_first')),
      count('In three', queries.faultCount('root_in_three')),
      count('Whole', queries.faultCount('root_whole')),
      count('Healed', queries.faultCount('healed')),
      seconds('In', queries.faultTime('healed')),
      {
        ...count('Wrong', queries.faultCount('wrong_acts')),
        levels: levels(COLORS.calm, [1, COLORS.bad]),
        cell: 'color',
      },
    ],
    sortBy: { title: 'Fault', descending: false },
    none: { label: 'fault', text: NO_REPORT },
  });

export const calibration = () =>
  table({
    title: 'How sure, and how often right',
    description:
      'Last roots by the confidence that was claimed of them, from there on up to the next. Earned: right at least as often as claimed.',
    columns: [
      { title: 'Claimed from', label: 'claimed' },
      count('Roots', queries.roots),
      share('Claimed', queries.confidence),
      share('Right', queries.rightShare),
    ],
    sortBy: { title: 'Claimed from', descending: true },
    none: { label: 'claimed', text: 'None ranked' },
  });
