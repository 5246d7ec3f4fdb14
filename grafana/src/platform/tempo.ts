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
