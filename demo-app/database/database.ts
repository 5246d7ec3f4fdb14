import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { Pool, type PoolClient, type QueryResultRow } from 'pg';
import type { Registry } from 'prom-client';
import { DB } from '../telemetry/database-attributes.ts';
import { asAnswer, failureKind } from './database-error.ts';
import { createPoolMetrics } from './pool-metrics.ts';
import type { Statement } from './statement.ts';

/** A request waits no longer than this for a connection, be it that the pool is used up or that the server is slow to accept. */
const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS = 3_000;
/** A transaction that its process forgot holds its locks no longer. */
const IDLE_TRANSACTION_TIMEOUT_MS = 15_000;
const IDLE_CONNECTION_TIMEOUT_MS = 60_000;

export interface DatabaseOptions {
  /** Without a password. */
  readonly url: string;
  readonly password?: string | undefined;
  /** Connections at most. */
  readonly poolMax: number;
  /** Who connects, as the server sees it; label `pool` of the metrics. */
  readonly name: string;
  readonly registry: Registry;
}

/** Runs statements, each on some connection or all on that of one transaction. */
export interface Queries {
  /** @returns its rows; rejects with an {@link HttpError} 503 where the database is not available */
  query<Row extends QueryResultRow>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Transaction extends Queries {
  /** Any SQL, in no trace: what libraries do. */
  execute(text: string, values?: unknown[]): Promise<{ rows: QueryResultRow[] }>;
}

export interface Database extends Transaction {
  /** Commits what `work` did when it resolves, and takes all back when it rejects. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A pool of connections. Opens none before the first statement: a database that is away keeps no process from starting. */
export function openDatabase({ url, password, poolMax, name, registry }: DatabaseOptions): Database {
  const at = addressOf(url);
  const pool = new Pool({
    ...at,
    ...(password === undefined ? {} : { password }),
    application_name: name,
    max: poolMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_CONNECTION_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
  });
  const metrics = createPoolMetrics(pool, name, registry);
  // An idle connection that the server ended: the pool has let it go already, and the next statement takes another.
  pool.on('error', () => metrics.errors.inc({ kind: 'connection' }));

  async function connect(): Promise<PoolClient> {
    const since = performance.now();
    try {
      return await pool.connect();
    } catch (error) {
      metrics.errors.inc({ kind: failureKind(error) });
      tellFailedConnect(at, error);
      throw asAnswer(error);
    } finally {
      metrics.wait.observe((performance.now() - since) / 1000);
    }
  }

  /** Lends a connection. It is not used again after an error with which it `endsWith`. */
  async function withConnection<Result>(
    use: (client: PoolClient) => Promise<Result>,
    { endsWith = (error: unknown) => failureKind(error) === 'connection' } = {},
  ): Promise<Result> {
    const client = await connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await use(client);
    } catch (error) {
      if (endsWith(error)) broken ??= error as Error;
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  const on = (client: PoolClient): Transaction => ({
    query: <Row extends QueryResultRow>({ name, text }: Statement, values: readonly unknown[] = []) =>
      counted(client.query<Row>({ name, text, values: [...values] }).then(({ rows }) => rows)),
    execute: (text, values) => counted(untraced(() => client.query(text, values))),
  });

  async function counted<Result>(running: Promise<Result>): Promise<Result> {
    try {
      return await running;
    } catch (error) {
      metrics.errors.inc({ kind: failureKind(error) });
      throw error;
    }
  }

  /** Failures become answers at the outermost call, where the connection has been seen to. */
  const answering = <Result>(running: Promise<Result>) =>
    running.catch((error: unknown) => {
      throw asAnswer(error);
    });

  return {
    query: (statement, values) => answering(withConnection((client) => on(client).query(statement, values))),
    // What a library sends may hold a BEGIN: nobody else gets the connection in a transaction that has failed.
    execute: (text, values) =>
      answering(withConnection((client) => on(client).execute(text, values), { endsWith: () => true })),
    transaction: (work) =>
      answering(
        withConnection(async (client) => {
          await untraced(() => client.query('BEGIN'));
          try {
            const result = await work(on(client));
            await untraced(() => client.query('COMMIT'));
            return result;
          } catch (error) {
            // Where this fails too, the connection is gone and the server rolls back by itself.
            await untraced(() => client.query('ROLLBACK'));
            throw error;
          }
        }),
      ),
    close: () => pool.end(),
  };
}

type Address = ReturnType<typeof addressOf>;

function addressOf(url: string) {
  const { hostname, port, username, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    database: pathname.slice(1),
  };
}

const untraced = <Result>(run: () => Result): Result => context.with(suppressTracing(context.active()), run);

/**
 * A span for a connection that could not be had: without it a database that is down is in no trace, and what asked it looks
 * like the root of the failure.
 */
function tellFailedConnect({ host, port, database }: Address, error: unknown): void {
  if (!trace.getActiveSpan()) return;
  const { code, message } = error as { code?: string; message: string };
  const span = trace.getTracer('@aiops-sre/demo-app/database').startSpan('connect', {
    kind: SpanKind.CLIENT,
    attributes: {
      [DB.system]: 'postgresql',
      [DB.namespace]: database,
      [DB.serverAddress]: host,
      [DB.serverPort]: port,
      [DB.errorType]: code ?? failureKind(error),
    },
  });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.end();
}
