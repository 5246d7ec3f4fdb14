import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { table } from '../panels/table.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/anomalies.ts';

/** An hour is soon: whoever is on call can still act before the limit. */
const SOON_LEVELS = levels(COLORS.act, [3600, COLORS.watch]);

export const now = () =>
  table({
    title: 'Predicted breaches',
    description:
      'Limits that a series will cross if it goes on as it drifts, the soonest first. A prediction takes itself back when the drift ends.',
    sortBy: { title: 'In', descending: false },
    none: { label: 'rule', text: 'None' },
    columns: [
      { title: 'Rule', label: 'rule' },
      { title: 'Limit', label: 'limit' },
      { title: 'Instance', label: 'process', width: 120 },
      {
        title: 'In',
        expression: queries.predictedBreach,
        unit: 's',
        decimals: 0,
        levels: SOON_LEVELS,
        cell: 'color',
        width: 110,
      },
      {
        title: 'Probability',
        expression: `${queries.breachProbability} and ${queries.predictedBreach}`,
        unit: 'percentunit',
        decimals: 0,
        width: 110,
      },
    ],
  });

export const probabilities = () =>
  timeSeries({
    title: 'Probability of crossing a limit',
    description:
      'How likely each series is to cross a limit of its rule within the time the rule looks ahead. What is out of reach is left out.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    max: 1,
    queries: rangeQueries({ '{{series}}': queries.breachProbabilityNamed }),
  });
