import { cell, DASHBOARD_UIDS, dashboardUrl } from '../links.ts';
import { COLORS, levels, NO_LEVELS, onCalm } from '../panels/levels.ts';
import { textTexts, valueTexts } from '../panels/mappings.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { stateTimeline } from '../panels/state-timeline.ts';
import { table } from '../panels/table.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/anomalies.ts';
import { SCORE_LEVELS } from './headline.ts';

const LEGEND = '{{series}}';
const STATE_TEXTS = valueTexts({
  0: { text: 'Normal', color: COLORS.calm },
  1: { text: 'Anomaly', color: COLORS.act },
});
const DIRECTIONS = textTexts({ both: 'both sides', above: 'above', below: 'below' });
const NOTHING = 'Nothing is watched';

export const all = () =>
  table({
    title: 'Watched series',
    description:
      'Every watched series as of now, anomalies first, then the most unusual; a click on its rule shows it below. 19 of 20 values lie between the lower and the upper bound where all is as ever; one outside these on the side that is not watched is no anomaly. A series without a score warms up or settles, or is gone.',
    sortBy: { title: 'State', descending: true },
    thenBy: { title: 'Score', descending: true },
    noValue: NOTHING,
    columns: [
      {
        title: 'State',
        expression: queries.everyExplained(queries.active),
        unit: 'none',
        mappings: [STATE_TEXTS],
        cell: 'color',
        width: 90,
      },
      {
        title: 'Score',
        expression: queries.every(queries.score),
        unit: 'none',
        decimals: 2,
        levels: onCalm(SCORE_LEVELS),
        cell: 'color',
        width: 75,
      },
      {
        title: 'Rule',
        label: 'rule',
        width: 200,
        links: [
          {
            title: 'Show this series',
            url: dashboardUrl(DASHBOARD_UIDS.anomalies, {
              rule: cell('Rule'),
              about: cell('Service'),
              route: cell('Route'),
              process: cell('Instance'),
            }),
          },
        ],
      },
      { title: 'Service', label: 'service', width: 105 },
      { title: 'Method', label: 'method', width: 75 },
      { title: 'Route', label: 'route' },
      { title: 'Instance', label: 'process', width: 110 },
      ...(
        [
          ['Value', queries.value],
          ['Expected', queries.expected],
          ['Lower', queries.lower],
          ['Upper', queries.upper],
        ] as const
      ).map(([title, gauge]) => ({
        title,
        expression: queries.every(gauge),
        unit: 'short',
        decimals: 3,
        width: 85,
      })),
      { title: 'Unit', label: 'unit', width: 105 },
      { title: 'Watched', label: 'direction', width: 100, mappings: [DIRECTIONS] },
    ],
  });

export const activeOverTime = () =>
  stateTimeline({
    title: 'Anomalies',
    description: 'When each watched series was anomalous.',
    unit: 'none',
    levels: levels(COLORS.quiet, [1, COLORS.act]),
    mappings: [
      valueTexts({ 0: { text: 'normal', color: COLORS.quiet }, 1: { text: 'anomaly', color: COLORS.act } }),
    ],
    queries: rangeQueries({ [LEGEND]: queries.highestNamed(queries.active) }),
  });

export const scores = () =>
  timeSeries({
    title: 'Scores',
    description: `How unusual the value of each series is, 0 to 1; out of the ordinary from the dashed line on, ${queries.ALARM_SCORE}. The tooltip names them, the highest first.`,
    unit: 'none',
    levels: levels(COLORS.plain, [queries.ALARM_SCORE, COLORS.act]),
    min: 0,
    max: 1,
    hideLegend: true,
    queries: rangeQueries({ [LEGEND]: queries.highestNamed(queries.score) }),
  });

export const raised = () =>
  timeSeries({
    title: 'Anomalies alerted on, in the hour before',
    description:
      'How many anomalies of each rule an alert was raised for, in the hour before each moment. The tooltip names them.',
    unit: 'none',
    levels: NO_LEVELS,
    hideLegend: true,
    min: 0,
    softMax: 1,
    queries: rangeQueries({ '{{rule}}': queries.anomaliesRaised }),
  });

export const states = () =>
  timeSeries({
    title: 'What the model can say',
    description:
      'Watched series by what the model can say of them: only those that are scored can be called anomalous.',
    unit: 'none',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{state}}': queries.seriesByState }),
  });
