import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { stat } from '../panels/stat.ts';
import * as queries from '../queries/scorecard.ts';

const NO_INCIDENT = 'No incident yet';
const NOT_JUDGED = 'None judged';

export const rootAccuracy = () =>
  stat({
    title: 'Roots right',
    description:
      'Share of the probable roots that were right, of those that people or drills judged. A ticket fires under 80 % of ten.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.rootAccuracy,
    levels: levels(COLORS.bad, [0.8, COLORS.watch], [0.9, COLORS.good]),
    noValue: NOT_JUDGED,
    filled: true,
  });

const STAGES = {
  detect: ['Detected in', 120, 'the responder heard of it'],
  acknowledge: ['Acknowledged in', 300, 'somebody, or an action, took it on'],
  mitigate: ['Mitigated in', 1800, 'its harm ended'],
  resolve: ['Resolved in', 3600, 'its last alert resolved'],
} as const;

/** Coloured by the target, and twice as long. */
const until = (stage: keyof typeof STAGES) => () => {
  const [title, targetSeconds, what] = STAGES[stage];
  return stat({
    title,
    description: `Median time from the first alert of an incident until ${what}, over the incidents kept. Green within the target.`,
    unit: 's',
    decimals: 0,
    expression: queries.medianTime(stage),
    levels: levels(COLORS.good, [targetSeconds, COLORS.watch], [2 * targetSeconds, COLORS.act]),
    noValue: NO_INCIDENT,
  });
};

export const detected = until('detect');
export const acknowledged = until('acknowledge');
export const mitigated = until('mitigate');
export const resolved = until('resolve');

export const autoHealed = () =>
  stat({
    title: 'Ended by themselves',
    description:
      'Share of the resolved incidents that an action ended which nobody had to approve, before anybody took it on.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.autoHealed,
    levels: NO_LEVELS,
    noValue: NO_INCIDENT,
  });

export const wrongActs = () =>
  stat({
    title: 'Wrong acts',
    description: 'Runs of actions that people or drills found wrong. Each is one too many.',
    unit: 'none',
    decimals: 0,
    expression: queries.wrongActs,
    levels: levels(COLORS.good, [1, COLORS.act]),
    noValue: 'The responder is not scraped',
  });

export const pages = () =>
  stat({
    title: 'Pages',
    description: 'Notifications in the time range that woke somebody, repetitions left out.',
    unit: 'none',
    decimals: 0,
    expression: queries.pages,
    levels: NO_LEVELS,
    noValue: 'None',
  });

export const alertsAnIncident = () =>
  stat({
    title: 'Alerts an incident',
    description: 'What people would have got one by one, for each incident of the time range.',
    unit: 'none',
    decimals: 1,
    expression: queries.alertsAnIncident,
    levels: NO_LEVELS,
    noValue: 'No incident',
  });

export const falseAlarms = () =>
  stat({
    title: 'False alarms',
    description: 'Incidents in which people found nothing wrong, of those kept.',
    unit: 'none',
    decimals: 0,
    expression: queries.falseAlarms,
    levels: levels(COLORS.good, [1, COLORS.watch]),
    noValue: 'The responder is not scraped',
  });

export const takenBack = () =>
  stat({
    title: 'Acts taken back',
    description: 'Actions in the time range that did not help, or could not even be taken back.',
    unit: 'none',
    decimals: 0,
    expression: queries.takenBack,
    levels: levels(COLORS.good, [0.5, COLORS.act]),
    noValue: 'None',
  });

export const postmortems = () =>
  stat({
    title: 'Postmortem drafts',
    description: 'Share of the resolved incidents that have one.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.postmortems,
    levels: NO_LEVELS,
    noValue: NO_INCIDENT,
  });

export const tracingCoverage = () =>
  stat({
    title: 'Services with traces',
    description: 'Share of the services known by calls, spans or SLOs that send spans themselves.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.tracingCoverage,
    levels: levels(COLORS.watch, [0.9, COLORS.good]),
    noValue: 'No service known',
  });

export const sloCoverage = () =>
  stat({
    title: 'Services with an SLO',
    description: 'Share of the services known by calls, spans or SLOs that have one.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.sloCoverage,
    levels: NO_LEVELS,
    noValue: 'No service has one',
  });

export const modelCost = () =>
  stat({
    title: 'Language model, a day',
    description: 'What the optional analysis cost in the last 24 hours.',
    unit: 'currencyUSD',
    decimals: 2,
    expression: queries.modelCost,
    levels: NO_LEVELS,
    noValue: 'Not known',
  });
