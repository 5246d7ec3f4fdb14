import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { z } from 'zod';

/** By which the server knows who connects. */
const NAME = 'alert-lab';
/** PostgreSQL's way of saying that a role has as many connections as it may have. */
const TOO_MANY_CONNECTIONS = '53300';
/** A connection that was ended is given back within this, mostly. */
const GIVEN_BACK_MS = 50;

/** What can be done to the shop's database, as the shop itself. */
export const databaseDeeds = {
  /** Statements, one after the other, and those that undo them at the end. */
  sql: z.strictObject({ run: z.array(z.string()).min(1), undo: z.array(z.string()).min(1) }).optional(),
  /** A transaction that has run this statement and stays open, with its locks, until the end. */
  holdTransaction: z.string().optional(),
  /** All connections that the shop may have are taken and kept, those that it has got included. */
  takeConnections: z.literal('all').optional(),
};

type DatabaseDeeds = z.infer<z.ZodObject<typeof databaseDeeds>>;

export interface Shop {
  /** How the shop logs in. */
  readonly database: () => ClientConfig;
  onEnd(undo: () => Promise<void> | void): void;
}

export async function performOnDatabase(
  deed: DatabaseDeeds,
  { database: login, onEnd }: Shop,
): Promise<void> {
  if (Object.keys(databaseDeeds).every((name) => deed[name as keyof DatabaseDeeds] === undefined)) return;
  const database = login();
  if (deed.sql) {
    const { run, undo } = deed.sql;
    onEnd(() => runAll(database, undo));
    await runAll(database, run);
  }
  if (deed.holdTransaction) {
    const client = await connected(database);
    onEnd(() => client.end());
    await client.query('BEGIN');
    await client.query(deed.holdTransaction);
  }
  if (deed.takeConnections) {
    const taken = [await connected(database)];
    onEnd(async () => {
      await Promise.all(taken.map((client) => client.end()));
    });
    const { rows } = await taken[0]!.query<{ allowed: number }>(
      'SELECT rolconnlimit AS allowed FROM pg_roles WHERE rolname = current_user',
    );
    while (taken.length < rows[0]!.allowed)
      try {
        taken.push(await connected(database));
      } catch (error) {
        if ((error as { code?: string }).code !== TOO_MANY_CONNECTIONS) throw error;
        await taken[0]!.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND application_name <> $1',
          [NAME],
        );
        await sleep(GIVEN_BACK_MS);
      }
  }
}

async function connected(database: ClientConfig): Promise<Client> {
  const client = new Client({ ...database, application_name: NAME, connectionTimeoutMillis: 5000 });
  // One that the server ended has done its part.
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function runAll(database: ClientConfig, statements: readonly string[]): Promise<void> {
  const client = await connected(database);
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
