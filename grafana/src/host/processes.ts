import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/host.ts';

const BY_PROCESS = '{{service}} {{instance}}';

export const cpu = () =>
  timeSeries({
    title: 'Processors by process',
    description: 'The ten processes that take most, in processors. Only those that tell it of themselves.',
    unit: 'none',
    decimals: 2,
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ [BY_PROCESS]: queries.processCpu }),
  });

export const memory = () =>
  timeSeries({
    title: 'Memory by process',
    description:
      'The ten processes that hold most (resident; pages that several share count in each). Only those that tell it of themselves.',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ [BY_PROCESS]: queries.processMemory }),
  });

export const openFiles = () =>
  timeSeries({
    title: 'Open files by process',
    description:
      'The ten processes with most files and connections open, as a share of what they may. At the dashed line a ticket fires.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [0.8, COLORS.act]),
    min: 0,
    softMax: 0.01,
    queries: rangeQueries({ [BY_PROCESS]: queries.processOpenFiles }),
  });
