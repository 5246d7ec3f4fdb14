import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as process from '../queries/process.ts';
import { PROCESSES } from './scope.ts';

const BY_INSTANCE = '{{instance}}';

export const cpu = () =>
  timeSeries({
    title: 'CPU',
    description:
      'Processor time by instance, as a share of one core. At the dashed line an event loop is busy all the time, and requests queue well before it.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [1, COLORS.bad]),
    min: 0,
    softMax: 0.2,
    queries: rangeQueries({ [BY_INSTANCE]: process.cpu(PROCESSES) }),
  });

export const eventLoop = () =>
  timeSeries({
    title: 'Event loop lag, 99 %',
    description:
      'How late the event loop is in 1 of 100 turns: every request waits that long. About 10 ms is the resolution at which it is measured; from the dashed line on callers notice.',
    unit: 's',
    levels: levels(COLORS.plain, [0.1, COLORS.act]),
    min: 0,
    softMax: 0.05,
    queries: rangeQueries({ [BY_INSTANCE]: process.eventLoopLag(PROCESSES) }),
  });

export const openFiles = () =>
  timeSeries({
    title: 'Open files and sockets',
    description:
      'Open files and sockets as a share of those a process may have. At 100 % connections are refused.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [0.8, COLORS.act]),
    min: 0,
    softMax: 0.01,
    queries: rangeQueries({ [BY_INSTANCE]: process.openFiles(PROCESSES) }),
  });

export const memory = () =>
  timeSeries({
    title: 'Memory',
    description: 'Memory that the system has given to each instance (resident).',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ [BY_INSTANCE]: process.residentMemory(PROCESSES) }),
  });

export const heap = () =>
  timeSeries({
    title: 'Heap',
    description: 'Heap that is in use, by instance. A floor that rises after each collection is a leak.',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ [BY_INSTANCE]: process.heapUsed(PROCESSES) }),
  });

export const heapBySpace = () =>
  timeSeries({
    title: 'Heap by space',
    description: "Heap in use by V8's spaces, all instances together: what leaks ends up in the old space.",
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{space}}': process.heapBySpace(PROCESSES) }),
  });

export const garbageCollection = () =>
  timeSeries({
    title: 'Garbage collection',
    description:
      'Share of the time that collecting garbage takes, by instance. From the dashed line on memory is too short.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [0.1, COLORS.act]),
    min: 0,
    softMax: 0.02,
    queries: rangeQueries({ [BY_INSTANCE]: process.garbageCollection(PROCESSES) }),
  });
