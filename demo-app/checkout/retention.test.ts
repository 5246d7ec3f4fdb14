import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startShopDatabase } from '../testing/shop-database.ts';
import { deleteOld } from './retention.ts';

let store: Awaited<ReturnType<typeof startShopDatabase>>;
beforeAll(async () => {
  store = await startShopDatabase();
}, 60_000);
afterAll(() => store[Symbol.asyncDispose]());

const run = async (sql: string) => (await store.database.execute(sql)).rows;
const count = async (table: string, where = 'true') =>
  Number((await run(`SELECT count(*) AS rows FROM ${table} WHERE ${where}`))[0]?.rows);
const MADE = "id LIKE 'made-%'";

/** 5,000 orders, the first the oldest and under way, each with item, key and invoice, and as many documents of no order. */
beforeEach(async () => {
  await run(`DELETE FROM orders WHERE ${MADE}; DELETE FROM documents WHERE ${MADE}`);
  await run(`
    INSERT INTO orders (id, user_id, state, value_cents, created_at)
      SELECT 'made-' || n, 'user-1', CASE WHEN n = 1 THEN 'paid' ELSE 'fulfilled' END, 100, now() + n * interval '1 second'
      FROM generate_series(1, 5000) AS n;
    INSERT INTO order_items SELECT 'made-' || n, 1, 'product-1', 1, 100 FROM generate_series(1, 5000) AS n;
    INSERT INTO checkouts SELECT 'key-' || n, 'digest', 'made-' || n FROM generate_series(1, 5000) AS n;
    INSERT INTO documents (id, kind, pages, order_id) SELECT 'made-invoice-' || n, 'invoice', 1, 'made-' || n
      FROM generate_series(1, 5000) AS n;
    INSERT INTO documents (id, kind, pages, created_at) SELECT 'made-label-' || n, 'label', 1, now() + n * interval '1 second'
      FROM generate_series(1, 5000) AS n`);
});

describe('old orders', () => {
  it('go with all that is theirs, but for those under way, and the sample data stays', async () => {
    await deleteOld(store.database, 100);
    expect(await count('orders', MADE)).toBe(101);
    expect(await count('orders', "id IN ('made-1', 'made-4901', 'made-5000')")).toBe(3);
    expect(await count('order_items', "order_id LIKE 'made-%'")).toBe(101);
    expect(await count('checkouts')).toBe(101);
    expect(await count('documents', "id LIKE 'made-invoice-%'")).toBe(101);
    expect(await count('documents', "id LIKE 'made-label-%'")).toBe(100);
    expect(await count('orders', "id LIKE 'order-%'")).toBe(100_000);
    expect(await count('documents', "id LIKE 'document-%'")).toBe(1000);
  });

  it('are none where there are few', async () => {
    await deleteOld(store.database, 5000);
    expect(await count('orders', MADE)).toBe(5000);
    expect(await count('documents', "id LIKE 'made-label-%'")).toBe(5000);
  });

  it('take what is theirs along without reading whole tables for it', async () => {
    await run('ANALYZE orders, documents, checkouts');
    const scans = async () => {
      await run('SELECT pg_stat_force_next_flush()');
      const [row] = await run(`SELECT sum(seq_scan) AS scans FROM pg_stat_user_tables
        WHERE relname IN ('checkouts', 'order_items')`);
      return Number(row?.scans);
    };
    const before = await scans();
    await deleteOld(store.database, 100);
    expect(await scans()).toBe(before);
    await run('SELECT count(*) FROM order_items WHERE quantity = 77');
    expect(await scans()).toBeGreaterThan(before);
  });
});
