import { NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/probe.ts';

const NO_PROBE = 'The traffic, which sends them, does not run';

export const results = () =>
  timeSeries({
    title: 'Checks from outside',
    description:
      'Checks of the whole shop by a buyer from outside, each minute. What the shop counts itself plays no part in it.',
    unit: 'suffix:/min',
    levels: NO_LEVELS,
    min: 0,
    failing: '^failure$',
    noValue: NO_PROBE,
    queries: rangeQueries({ '{{result}}': queries.checks }),
  });

export const failures = () =>
  timeSeries({
    title: 'Where checks fail',
    description:
      'Failed checks each minute: the order is not taken (place), not found afterwards (find), or does not end well or in time (finish).',
    unit: 'suffix:/min',
    levels: NO_LEVELS,
    min: 0,
    softMax: 1,
    failures: true,
    noValue: NO_PROBE,
    queries: rangeQueries({ '{{stage}}': queries.failures }),
  });

export const duration = () =>
  timeSeries({
    title: 'How long checks take',
    description: 'Time in which half and 95 % of the checks came to their end, failed ones included.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    noValue: NO_PROBE,
    queries: rangeQueries({ '50 %': queries.duration(0.5), '95 %': queries.duration(0.95) }),
  });
