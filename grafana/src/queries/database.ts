const RATE = '$__rate_interval';
const DATABASE = 'job="postgresql"';
const POOL = 'job="demo-app"';

/** 1 while the Collector gets answers from the database, else 0. */
export const up = `clamp_max(sum(rate(otelcol_scraper_scraped_metric_points{receiver="postgresql"}[1m])) > bool 0, 1)`;

export const connections = `max(postgresql_backends{${DATABASE}})`;
export const connectionLimit = `max(postgresql_connection_max{${DATABASE}})`;
/** Share of the connections that are in use, 0..1. */
export const connectionsUsed = `${connections} / ${connectionLimit}`;

export const commits = `sum(rate(postgresql_commits_total{${DATABASE}}[${RATE}]))`;
export const rollbacks = `sum(rate(postgresql_rollbacks_total{${DATABASE}}[${RATE}]))`;
export const deadlocks = `sum(increase(postgresql_deadlocks_total{${DATABASE}}[$__range]))`;

const blocks = (source: string) =>
  `sum(rate(postgresql_blocks_read_total{${DATABASE},source=~"${source}"}[${RATE}]))`;
/** Share of the blocks that were in memory, 0..1. */
export const hits = `${blocks('.*_hit')} / (${blocks('.*')} > 0)`;

/** Rows that whole scans read a second, by table. */
export const rowsScanned = `topk(5, sum by (table) (rate(postgresql_sequential_scans_total{${DATABASE}}[${RATE}])) * on (table) max by (table) (postgresql_rows{${DATABASE},state="live"}))`;
export const rowsScannedHighest = `max(${rowsScanned})`;
/** Rows that are written a second, by operation. */
export const rowsWritten = `sum by (operation) (rate(postgresql_operations_total{${DATABASE},operation=~"ins|upd|del"}[${RATE}]))`;
/** Share of the rows that are dead, by table of some size, 0..1. */
export const deadRows = `topk(5, max by (table) (postgresql_rows{${DATABASE},state="dead"}) / (sum by (table) (postgresql_rows{${DATABASE}}) > 1000))`;

export const size = `max(postgresql_db_size_bytes{${DATABASE}})`;
export const tableSizes = `topk(8, max by (table) (postgresql_table_size_bytes{${DATABASE}}))`;
export const indexSizes = `topk(8, sum by (table) (postgresql_index_size_bytes{${DATABASE}}))`;

/** Share of a pool's connections that are used, 0..1. */
export const poolUsed = `max by (instance, pool) (demo_database_pool_connections{${POOL},state="used"}) / max by (instance, pool) (demo_database_pool_max{${POOL}})`;
export const poolWaiters = `max by (instance, pool) (demo_database_pool_waiters{${POOL}})`;
export const poolWait = `histogram_quantile(0.95, sum by (instance, pool, le) (rate(demo_database_pool_wait_seconds_bucket{${POOL}}[${RATE}])))`;
