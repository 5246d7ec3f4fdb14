import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { stat } from '../panels/stat.ts';
import * as queries from '../queries/host.ts';

const NOT_READ = 'The Collector reads no machine';

export const cpu = () =>
  stat({
    title: 'Processors busy',
    description:
      'Share of the processors’ time that is taken. A ticket fires at 95 % that last for half an hour.',
    unit: 'percentunit',
    decimals: 0,
    expression: `max(${queries.cpuBusy})`,
    levels: levels(COLORS.good, [0.8, COLORS.watch], [0.95, COLORS.act]),
    noValue: NOT_READ,
    filled: true,
  });

export const load = () =>
  stat({
    title: 'Load, 5 min',
    description:
      'Processes that run or wait for a processor or a disk, for each processor. From 1 on some of them wait.',
    unit: 'none',
    decimals: 1,
    expression: queries.load['5m'],
    levels: levels(COLORS.good, [1, COLORS.watch], [3, COLORS.act]),
    noValue: NOT_READ,
  });

export const memory = () =>
  stat({
    title: 'Memory used',
    description: 'Share of the memory that programs hold, without caches. A ticket fires at 90 %.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.memoryUsed,
    levels: levels(COLORS.good, [0.8, COLORS.watch], [0.9, COLORS.act]),
    noValue: NOT_READ,
  });

export const disk = () =>
  stat({
    title: 'Disk left',
    description: 'Share that is left on the fullest disk. A ticket fires at 10 %.',
    unit: 'percentunit',
    decimals: 0,
    expression: `min(${queries.diskFreeShare})`,
    levels: levels(COLORS.bad, [0.1, COLORS.watch], [0.2, COLORS.good]),
    noValue: NOT_READ,
  });

export const diskDays = () =>
  stat({
    title: 'Disk full in',
    description: 'Until the first disk is full, if it goes on as in the last six hours.',
    unit: 'd',
    decimals: 0,
    expression: `min(${queries.diskDaysLeft})`,
    levels: levels(COLORS.bad, [1, COLORS.watch], [7, COLORS.good]),
    noValue: 'None fills up',
  });

export const busiestDisk = () =>
  stat({
    title: 'Busiest disk',
    description: 'Share of the time that the busiest disk is at work.',
    unit: 'percentunit',
    decimals: 0,
    expression: `max(${queries.diskBusy})`,
    levels: levels(COLORS.good, [0.8, COLORS.watch], [0.95, COLORS.act]),
    noValue: 'No disk is seen',
  });

export const files = () =>
  stat({
    title: 'Open files',
    description:
      'The process nearest to the files and connections it may have open, as a share of them. A ticket fires at 80 %.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.openFilesHighest,
    levels: levels(COLORS.good, [0.5, COLORS.watch], [0.8, COLORS.act]),
    noValue: 'No process says',
  });

export const processors = () =>
  stat({
    title: 'Processors',
    description: 'How many the machine has.',
    unit: 'none',
    decimals: 0,
    expression: queries.processors,
    levels: NO_LEVELS,
    noValue: NOT_READ,
  });
