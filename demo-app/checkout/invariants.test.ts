import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type RoleProcess, startRoleProcess } from '../testing/role-process.ts';
import { shopIn, startShopDatabase } from '../testing/shop-database.ts';

const ORDERS = 200;
const AT_ONCE = 10;
const PRODUCTS = 20;

let store: Awaited<ReturnType<typeof startShopDatabase>>;
let folder: string;
const running = new Map<string, RoleProcess>();
const ports = new Map<string, string>();

beforeAll(async () => {
  store = await startShopDatabase();
  folder = mkdtempSync(join(tmpdir(), 'invariants-'));
  for (const role of ['identity', 'fulfillment', 'payments', 'storefront', 'checkout']) await start(role);
  await ready('storefront');
  await ready('checkout');
}, 90_000);
afterAll(async () => {
  for (const role of running.values()) await role[Symbol.asyncDispose]();
  await store?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a role; the second time at the same port, as whoever watches over it would. */
async function start(role: string): Promise<void> {
  const url = (of: string) => running.get(of)?.url ?? '';
  const started = await startRoleProcess({
    role,
    env: {
      ...shopIn(store.postgres),
      PORT: ports.get(role) ?? '0',
      CHARGES_FILE: join(folder, 'charges.jsonl'),
      IDENTITY_URL: url('identity'),
      FULFILLMENT_URLS: url('fulfillment'),
      PAYMENTS_URL: url('payments'),
    },
  });
  ports.set(role, new URL(started.url).port);
  running.set(role, started);
}

async function ready(role: string): Promise<void> {
  const { client } = running.get(role)!;
  await client.get('/metrics');
  await vi.waitUntil(async () => (await client.get('/readyz')).status === 200, { timeout: 60_000 });
}

/** SIGKILL, and another in its place. */
async function kill(role: string): Promise<void> {
  const { child, exited } = running.get(role)!;
  child.kill('SIGKILL');
  await exited;
  await start(role);
}

const rows = async (sql: string) => (await store.database.execute(sql)).rows;
const stock = async () =>
  Number((await rows(`SELECT sum(stock) AS stock FROM products WHERE number <= ${PRODUCTS}`))[0]?.stock);

it('every order that was taken ends once, is charged once, and no stock is lost, whatever is killed meanwhile', async () => {
  const before = await stock();
  let next = 0;
  const taken = new Map<string, string>();

  async function buyer(): Promise<void> {
    while (next < ORDERS) {
      const number = next++;
      const key = `key-${number}`;
      const items = [
        { productId: `product-${1 + (number % PRODUCTS)}`, quantity: 1 + (number % 3) },
        { productId: `product-${1 + ((number + 7) % PRODUCTS)}`, quantity: 1 },
      ];
      // As a client does it: the same key, until there is an answer.
      await vi.waitUntil(
        async () => {
          const answer = await running
            .get('storefront')!
            .client.post(
              '/api/checkouts',
              { userId: 'user-1', items },
              { headers: { 'Idempotency-Key': key } },
            )
            .catch(() => undefined);
          if (answer?.status !== 202) return false;
          taken.set(key, answer.data.orderId);
          return true;
        },
        { timeout: 60_000, interval: 100 },
      );
    }
  }
  async function killer(): Promise<void> {
    const at = (share: number) =>
      vi.waitUntil(() => taken.size >= share * ORDERS, { timeout: 120_000, interval: 20 });
    await at(0.1);
    await kill('checkout');
    await at(0.3);
    await kill('payments');
    await at(0.5);
    await store.postgres.stop('SIGKILL');
    await store.postgres.start();
    await at(0.7);
    await kill('storefront');
    await kill('fulfillment');
    await at(0.9);
    await kill('checkout');
  }
  await Promise.all([killer(), ...Array.from({ length: AT_ONCE }, buyer)]);
  expect(taken.size).toBe(ORDERS);
  expect(new Set(taken.values()).size).toBe(ORDERS);

  const open = `SELECT count(*)::integer AS open FROM orders WHERE state NOT IN ('fulfilled', 'failed')`;
  await vi.waitUntil(async () => (await rows(open))[0]?.open === 0, { timeout: 120_000, interval: 500 });

  // No order but those that were acknowledged: each key has one.
  const ended = await rows(
    `SELECT orders.id, state, reason, charge_id, value_cents FROM orders JOIN checkouts ON order_id = orders.id`,
  );
  expect(ended.map(({ id }) => id).toSorted()).toEqual([...taken.values()].toSorted());
  const invoices = await rows(`SELECT order_id FROM documents JOIN checkouts USING (order_id)`);
  const fulfilled = ended.filter(({ state }) => state === 'fulfilled');
  expect(invoices.map(({ order_id }) => order_id).toSorted()).toEqual(
    fulfilled.map(({ id }) => id).toSorted(),
  );

  // The provider's own book: a line for a key.
  const charges = readFileSync(join(folder, 'charges.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  expect(new Set(charges.map(({ key }) => key)).size).toBe(charges.length);
  const paid = charges.filter(({ status }) => status === 'charged');
  expect(
    paid.map(({ orderId, id, amountCents }) => ({ orderId, id, amountCents })).toSorted(byOrder),
  ).toEqual(
    fulfilled
      .map(({ id, charge_id, value_cents }) => ({ orderId: id, id: charge_id, amountCents: value_cents }))
      .toSorted(byOrder),
  );

  const [sold] = await rows(
    `SELECT coalesce(sum(quantity), 0)::integer AS pieces FROM order_items JOIN orders ON orders.id = order_id
     JOIN checkouts USING (order_id) WHERE state = 'fulfilled'`,
  );
  expect((await stock()) + sold?.pieces).toBe(before);
}, 300_000);

const byOrder = (a: { orderId: string }, b: { orderId: string }) => a.orderId.localeCompare(b.orderId);
