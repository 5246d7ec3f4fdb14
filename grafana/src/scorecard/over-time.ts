import { NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { table } from '../panels/table.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/scorecard.ts';

export const times = () =>
  timeSeries({
    title: 'Time until',
    description:
      'Median and 90th percentile, from the first alert of an incident on, over the incidents kept until then.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{stage}}, {{quantile}}': queries.times }),
    noValue: 'No incident yet',
  });

export const calibration = () =>
  table({
    title: 'Is the confidence earned?',
    description:
      'Judged roots by the confidence that was claimed of them, from there on up to the next. Earned: right at least as often as claimed.',
    columns: [
      { title: 'Claimed from', label: 'claimed' },
      { title: 'Right', expression: queries.rightOfClaimed, unit: 'percentunit', decimals: 0 },
      { title: 'Judged', expression: queries.judgedOfClaimed, unit: 'none', decimals: 0 },
    ],
    sortBy: { title: 'Claimed from', descending: true },
    none: { label: 'claimed', text: 'None judged' },
  });

export const incidents = () =>
  timeSeries({
    title: 'Incidents opened',
    description: 'By their first severity.',
    unit: 'none',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{severity}}': queries.incidentsBySeverity }),
    minInterval: '5m',
    sparse: true,
    noValue: 'No incident in this time range',
  });

export const notifications = () =>
  timeSeries({
    title: 'Notifications',
    description: 'That something fires, by who is told; repetitions left out.',
    unit: 'none',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{receiver}}': queries.notificationsByReceiver }),
    minInterval: '5m',
    sparse: true,
    noValue: 'None in this time range',
  });

export const actions = () =>
  timeSeries({
    title: 'Actions that ended',
    description: 'By how. Rolled back: it did not help; refused: left to people.',
    unit: 'none',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{outcome}}': queries.runsByOutcome }),
    failing: 'rolled-back|rollback-failed',
    minInterval: '5m',
    sparse: true,
    noValue: 'None in this time range',
  });

export const tokens = () =>
  timeSeries({
    title: 'Tokens of the language model',
    description: 'Sent to it and got from it.',
    unit: 'short',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ Tokens: queries.modelTokens }),
  });
