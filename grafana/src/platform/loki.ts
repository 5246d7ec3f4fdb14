import { NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import { loki } from '../queries/platform.ts';

export const received = () =>
  timeSeries({
    title: 'Lines received',
    description: 'Lines that Loki takes in each second.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ lines: loki.received }),
  });

export const streams = () =>
  timeSeries({
    title: 'Streams',
    description:
      'Combinations of service and environment that Loki writes now; 1000 are its limit. Fields of a line make none.',
    unit: 'short',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ streams: loki.streams }),
  });
