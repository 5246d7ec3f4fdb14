import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sumsOf, wrongIn } from '../testing/checkout-books.ts';
import { startShop } from '../testing/running-shop.ts';

const ORDERS = 200;
const AT_ONCE = 10;
const PRODUCTS = 20;

let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  shop = await startShop();
}, 90_000);
afterAll(() => shop?.[Symbol.asyncDispose]());

const rows = async (sql: string) => (await shop.database.execute(sql)).rows;
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
          const answer = await shop
            .role('storefront')
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
    await shop.kill('checkout');
    await at(0.3);
    await shop.kill('payments');
    await at(0.5);
    await shop.postgres.stop('SIGKILL');
    await shop.postgres.start();
    await at(0.7);
    await shop.kill('storefront');
    await shop.kill('fulfillment');
    await at(0.8);
    await shop.kill('identity');
    await at(0.9);
    await shop.kill('checkout');
  }
  await Promise.all([killer(), ...Array.from({ length: AT_ONCE }, buyer)]);
  expect(taken.size).toBe(ORDERS);

  const books = await shop.settledBooks(120_000);
  expect(wrongIn(books, taken)).toEqual([]);
  const { charged, paid } = sumsOf(books);
  expect(charged).toBe(paid);
  // No order but those that were acknowledged.
  expect(books.orders.map(({ id }) => id).toSorted()).toEqual([...taken.values()].toSorted());
  expect(new Set(books.charges.map(({ key }) => key)).size).toBe(books.charges.length);

  const [sold] = await rows(
    `SELECT coalesce(sum(quantity), 0)::integer AS pieces FROM order_items JOIN orders ON orders.id = order_id
     JOIN checkouts USING (order_id) WHERE state = 'fulfilled'`,
  );
  expect((await stock()) + sold?.pieces).toBe(before);
}, 300_000);
