import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';

/** Orders beside those of the sample data, and documents beside those of orders: some two days of the default traffic. */
const KEEP = 100_000;
const EVERY_MS = 300_000;
/** Rows of one statement, which so holds its locks for moments only. */
const AT_ONCE = 2_000;

/** What goes with an order: its items, its invoice, its idempotency key. One that is under way stays. */
const OLD_ORDERS = `
  DELETE FROM orders WHERE id IN (
    SELECT id FROM orders
    WHERE id NOT LIKE 'order-%' AND state IN ('recorded', 'fulfilled', 'failed') AND created_at <= (
      SELECT created_at FROM orders WHERE id NOT LIKE 'order-%' ORDER BY created_at DESC OFFSET $1 LIMIT 1
    )
    ORDER BY created_at LIMIT ${AT_ONCE}
  ) RETURNING id`;
const OLD_DOCUMENTS = `
  DELETE FROM documents WHERE id IN (
    SELECT id FROM documents
    WHERE order_id IS NULL AND created_at <= (
      SELECT created_at FROM documents WHERE order_id IS NULL ORDER BY created_at DESC OFFSET $1 LIMIT 1
    )
    ORDER BY created_at LIMIT ${AT_ONCE}
  ) RETURNING id`;

/** Deletes all but the newest `keep` orders and `keep` documents. The sample data stays. */
export async function deleteOld({ execute }: Pick<Database, 'execute'>, keep: number): Promise<void> {
  for (const statement of [OLD_ORDERS, OLD_DOCUMENTS])
    for (let deleted = AT_ONCE; deleted === AT_ONCE; )
      deleted = (await execute(statement, [keep])).rows.length;
}

interface RetentionOptions {
  readonly database: Pick<Database, 'execute'>;
  readonly logger: Logger;
}

/** Keeps the shop's tables from growing for ever. @returns a function that ends it */
export function limitGrowth({ database, logger }: RetentionOptions): () => void {
  let timer = setTimeout(next, EVERY_MS);
  let stopped = false;
  async function next(): Promise<void> {
    await deleteOld(database, KEEP).catch(({ message }: Error) =>
      logger.warn({ reason: message }, 'old orders were not deleted'),
    );
    if (!stopped) timer = setTimeout(next, EVERY_MS);
  }
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
