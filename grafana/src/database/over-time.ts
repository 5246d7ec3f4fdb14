import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/database.ts';

const BY_POOL = '{{instance}} {{pool}}';

export const poolUsed = () =>
  timeSeries({
    title: 'Pools',
    description: 'Share of each pool’s connections that are used. At 100 % the next request waits.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [1, COLORS.act]),
    min: 0,
    softMax: 1,
    queries: rangeQueries({ [BY_POOL]: queries.poolUsed }),
  });

export const poolWaiters = () =>
  timeSeries({
    title: 'Waiting for a connection',
    description: 'Requests that wait for a connection of their pool. A ticket fires where that lasts.',
    unit: 'none',
    levels: NO_LEVELS,
    min: 0,
    softMax: 1,
    queries: rangeQueries({ [BY_POOL]: queries.poolWaiters }),
  });

export const poolWait = () =>
  timeSeries({
    title: 'Time to get a connection',
    description: '95th percentile of the time that requests waited for a connection of their pool.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.01,
    queries: rangeQueries({ [BY_POOL]: queries.poolWait }),
  });

export const connections = () =>
  timeSeries({
    title: 'Connections',
    description: 'Connections to the database, and how many it takes.',
    unit: 'none',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ used: queries.connections, limit: queries.connectionLimit }),
  });

export const transactions = () =>
  timeSeries({
    title: 'Transactions',
    description: 'Transactions a second that were committed and rolled back.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ committed: queries.commits, 'rolled back': queries.rollbacks }),
  });

export const hits = () =>
  timeSeries({
    title: 'Read from memory',
    description:
      'Share of the blocks that were in the database’s own memory and need not be asked of the system.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    max: 1,
    queries: rangeQueries({ 'in memory': queries.hits }),
  });

export const rowsScanned = () =>
  timeSeries({
    title: 'Rows read by scans of whole tables',
    description:
      'By table, the five highest. At the dashed line a ticket fires: an index is missing, or cannot be used.',
    unit: 'suffix:/s',
    levels: levels(COLORS.plain, [100_000, COLORS.act]),
    min: 0,
    queries: rangeQueries({ '{{table}}': queries.rowsScanned }),
  });

export const rowsWritten = () =>
  timeSeries({
    title: 'Rows written',
    description: 'Rows a second that are inserted, updated and deleted.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{operation}}': queries.rowsWritten }),
  });

export const deadRows = () =>
  timeSeries({
    title: 'Dead rows',
    description:
      'Share of rows that were updated or deleted and not cleaned up yet, by table of more than 1,000.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.2,
    queries: rangeQueries({ '{{table}}': queries.deadRows }),
  });

export const tableSizes = () =>
  timeSeries({
    title: 'Tables',
    description: 'Bytes of the largest tables, without their indexes.',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{table}}': queries.tableSizes }),
  });

export const indexSizes = () =>
  timeSeries({
    title: 'Indexes',
    description: 'Bytes of all indexes of a table, the largest.',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{table}}': queries.indexSizes }),
  });
