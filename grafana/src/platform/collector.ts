import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import { collector, loki, tempo } from '../queries/platform.ts';

/** Memory from which the Collector refuses what it is sent: its limit less the spike it allows for. */
const SOFT_LIMIT_BYTES = 150 * 1024 * 1024;

export const received = () =>
  timeSeries({
    title: 'Received',
    description: 'Spans, metric points and log records that the Collector takes in each second.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries(collector.received),
  });

export const queue = () =>
  timeSeries({
    title: 'Queues',
    description:
      'How full the queues on disk in front of Tempo and Loki are. One grows while its backend is away and empties afterwards. Full, that of Tempo takes a share of the traces only, and of logs what comes is lost.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [0.9, COLORS.bad]),
    min: 0,
    softMax: 0.1,
    queries: rangeQueries({ '{{exporter}}': collector.queueFillByExporter }),
  });

export const exportLatency = () =>
  timeSeries({
    title: 'Export latency',
    description:
      'Time in which Tempo takes 95 % of what the Collector pushes, and Loki a push in the mean. Beyond the dashed line, 5 s, the Collector gives up and tries again.',
    unit: 's',
    levels: levels(COLORS.plain, [5, COLORS.bad]),
    min: 0,
    softMax: 0.05,
    queries: rangeQueries({ 'Tempo, 95 %': tempo.pushSeconds, 'Loki, mean': loki.pushSeconds }),
  });

export const sent = () =>
  timeSeries({
    title: 'Sent',
    description: 'Spans that the Collector hands to Tempo each second, and log records to Loki.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries(collector.sent),
  });

export const sampling = () =>
  timeSeries({
    title: 'Sampling',
    description:
      'Traces each second by what the tail sampler decided. It works only where more come than Tempo takes, and keeps failed and slow ones, probes, and one in ten of the rest; otherwise every trace is kept and this is 0.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries(collector.sampling),
  });

export const memory = () =>
  timeSeries({
    title: 'Memory',
    description:
      'Resident memory of the Collector. From about the dashed line on it refuses what it is sent.',
    unit: 'bytes',
    levels: levels(COLORS.plain, [SOFT_LIMIT_BYTES, COLORS.act]),
    min: 0,
    queries: rangeQueries({ resident: collector.memory }),
  });
