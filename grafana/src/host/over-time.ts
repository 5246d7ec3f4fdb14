import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/host.ts';

export const cpu = () =>
  timeSeries({
    title: 'Processors by state',
    description:
      'Share of all processors’ time by what takes it. `wait` is for a disk; `steal` went to other machines on the same hardware.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [0.95, COLORS.act]),
    min: 0,
    softMax: 1,
    queries: rangeQueries({ '{{state}}': queries.cpuByState }),
  });

export const load = () =>
  timeSeries({
    title: 'Load for each processor',
    description:
      'Processes that run or wait for a processor or a disk, as means over 1, 5 and 15 minutes. Above the dashed line some wait.',
    unit: 'none',
    levels: levels(COLORS.plain, [1, COLORS.act]),
    min: 0,
    softMax: 1.2,
    queries: rangeQueries(queries.load),
  });

export const memory = () =>
  timeSeries({
    title: 'Memory',
    description: 'Memory by use. What is cached or reclaimable is given back as soon as a program needs it.',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{state}}': queries.memoryByState }),
  });

export const swapping = () =>
  timeSeries({
    title: 'Swapping',
    description: 'Pages that go to the disk or come from it each second, because memory is short.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    softMax: 1,
    queries: rangeQueries({ '{{direction}}': queries.swapping }),
  });

export const diskFree = () =>
  timeSeries({
    title: 'Disk left',
    description: 'Share that is left, by disk and where it is mounted. At the dashed line a ticket fires.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [0.1, COLORS.act]),
    min: 0,
    max: 1,
    queries: rangeQueries({ '{{mountpoint}} ({{device}})': queries.diskFreeShare }),
  });

export const diskBytes = () =>
  timeSeries({
    title: 'Disk read and written',
    description: 'Bytes that each disk reads and writes a second.',
    unit: 'Bps',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{device}} {{direction}}': queries.diskBytes }),
  });

export const diskBusy = () =>
  timeSeries({
    title: 'Disk busy',
    description:
      'Share of the time that each disk is at work. At 100 % operations queue, if it takes one at a time.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [0.95, COLORS.act]),
    min: 0,
    softMax: 0.2,
    queries: rangeQueries({ '{{device}}': queries.diskBusy }),
  });

export const diskSeconds = () =>
  timeSeries({
    title: 'Disk operations',
    description: 'Mean time that one takes, by disk and direction.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{device}} {{direction}}': queries.diskSeconds }),
  });

export const network = () =>
  timeSeries({
    title: 'Network',
    description:
      'Bytes that each interface receives and transmits a second; with Docker Compose those of the Collector’s container.',
    unit: 'Bps',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{device}} {{direction}}': queries.networkBytes }),
  });

export const networkLoss = () =>
  timeSeries({
    title: 'Packets lost',
    description: 'Packets that were broken or had no room each second, by interface.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    softMax: 1,
    failures: true,
    queries: rangeQueries({ '{{device}}': queries.networkLoss }),
  });
