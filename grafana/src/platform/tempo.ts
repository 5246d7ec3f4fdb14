import { NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import { tempo } from '../queries/platform.ts';

export const received = () =>
  timeSeries({
    title: 'Spans received',
    description: 'Spans that Tempo takes in each second.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ spans: tempo.received }),
  });

export const lost = () =>
  timeSeries({
    title: 'Refused, discarded, not flushed',
    description: 'Spans that Tempo refuses or throws away, and blocks that it fails to write, each second.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    softMax: 1,
    queries: rangeQueries({
      'spans refused': tempo.refused,
      'spans discarded': tempo.discarded,
      'flushes failed': tempo.failedFlushes,
    }),
  });

export const live = () =>
  timeSeries({
    title: 'Traces in memory',
    description:
      'Traces that still gather spans and can not be searched yet: they are lost if Tempo crashes.',
    unit: 'short',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ traces: tempo.liveTraces }),
  });
