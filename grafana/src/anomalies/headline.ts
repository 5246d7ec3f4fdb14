import { DASHBOARD_UIDS, dashboardUrl, ofLabel } from '../links.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { stat, UNKNOWN } from '../panels/stat.ts';
import * as queries from '../queries/anomalies.ts';
import { activeAnomalies } from '../queries/platform.ts';

const NO_DETECTOR = 'The detector is not scraped';

/** Seconds without a new sample that a rule may be behind: it is evaluated every 30 s. */
export const DETECTOR_LAG_LEVELS = levels(COLORS.good, [120, COLORS.watch], [300, COLORS.bad]);
export const SCORE_LEVELS = levels(COLORS.good, [queries.ALARM_SCORE, COLORS.watch], [0.85, COLORS.act]);

export const active = () =>
  stat({
    title: 'Anomalies',
    description: 'Watched series that are anomalous now. They never page by themselves.',
    unit: 'none',
    expression: activeAnomalies,
    levels: levels(COLORS.good, [1, COLORS.watch]),
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: UNKNOWN,
    filled: true,
  });

export const highestScore = () =>
  stat({
    title: 'Highest score',
    description: `The series that is furthest off what was expected. From ${queries.ALARM_SCORE} on its value is out of the ordinary.`,
    unit: 'none',
    decimals: 2,
    expression: `topk(1, ${queries.everyNamed(queries.score)})`,
    legend: '{{series}}',
    links: [
      {
        title: 'Show this series',
        url: dashboardUrl(DASHBOARD_UIDS.anomalies, {
          rule: ofLabel('rule'),
          about: ofLabel('service'),
          route: ofLabel('route'),
          process: ofLabel('process'),
        }),
      },
    ],
    levels: SCORE_LEVELS,
    noValue: 'Nothing is scored',
  });

export const scored = () =>
  stat({
    title: 'Scored',
    description:
      'Share of the watched series that are scored. The rest warms up, settles or has no data, and says nothing: neither good nor bad.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.scoredShare,
    levels: NO_LEVELS,
    noValue: NO_DETECTOR,
  });

export const lag = () =>
  stat({
    title: 'Behind',
    description: 'Age of the latest sample that the slowest rule has evaluated.',
    unit: 's',
    decimals: 0,
    expression: `max(${queries.lag})`,
    levels: DETECTOR_LAG_LEVELS,
    noValue: NO_DETECTOR,
  });

export const perSeriesWeek = () =>
  stat({
    title: 'Alerts a week',
    description:
      'Anomalies that were alerted on in the last 7 days, divided by the number of watched series.',
    unit: 'none',
    decimals: 2,
    expression: queries.alertsPerSeriesWeek,
    levels: levels(COLORS.good, [2, COLORS.watch], [5, COLORS.act]),
    noValue: NO_DETECTOR,
  });

export const precision = () =>
  stat({
    title: 'Called useful',
    description:
      'Share of the anomalies that people called useful, among those judged in the last 28 days, of the worst rule.',
    unit: 'percentunit',
    decimals: 0,
    expression: `bottomk(1, ${queries.precision})`,
    legend: '{{rule}}',
    levels: NO_LEVELS,
    noValue: 'Nobody judged one',
  });
