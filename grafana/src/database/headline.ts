import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { stat } from '../panels/stat.ts';
import * as queries from '../queries/database.ts';

const NOT_READ = 'The Collector reads no database';

export const up = () =>
  stat({
    title: 'Answers',
    description:
      'Whether the Collector gets answers from the database. A ticket fires after a minute without.',
    unit: 'bool_yes_no',
    decimals: 0,
    expression: queries.up,
    levels: levels(COLORS.act, [1, COLORS.good]),
    noValue: NOT_READ,
    filled: true,
  });

export const connections = () =>
  stat({
    title: 'Connections used',
    description:
      'Share of the connections that the database takes. A ticket fires at 70 % that last for five minutes.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.connectionsUsed,
    levels: levels(COLORS.good, [0.5, COLORS.watch], [0.7, COLORS.act]),
    noValue: NOT_READ,
  });

export const waiters = () =>
  stat({
    title: 'Waiting for a connection',
    description:
      'Requests of the application that wait for a connection of their pool, all instances together.',
    unit: 'none',
    decimals: 0,
    expression: `sum(${queries.poolWaiters})`,
    levels: levels(COLORS.good, [1, COLORS.act]),
    noValue: 'No pool tells',
  });

export const rowsScanned = () =>
  stat({
    title: 'Rows scanned',
    description:
      'Rows a second that are read by scans of a whole table, of the table where they are most. A ticket fires at 100,000.',
    unit: 'suffix:/s',
    decimals: 0,
    expression: queries.rowsScannedHighest,
    levels: levels(COLORS.good, [20_000, COLORS.watch], [100_000, COLORS.act]),
    noValue: NOT_READ,
  });

export const deadlocks = () =>
  stat({
    title: 'Deadlocks',
    description:
      'Transactions that waited for each other, so that the database ended one; in the time shown.',
    unit: 'none',
    decimals: 0,
    expression: queries.deadlocks,
    levels: levels(COLORS.good, [1, COLORS.act]),
    noValue: NOT_READ,
  });

export const size = () =>
  stat({
    title: 'Size',
    description: 'Bytes of the database on disk, without its log of changes.',
    unit: 'bytes',
    decimals: 0,
    expression: queries.size,
    levels: NO_LEVELS,
    noValue: NOT_READ,
  });
