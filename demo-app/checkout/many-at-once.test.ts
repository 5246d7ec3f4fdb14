import { expect, it } from 'vitest';
import { sumsOf, wrongIn } from '../testing/checkout-books.ts';
import { placeAtOnce } from '../testing/place-at-once.ts';
import { startShop } from '../testing/running-shop.ts';

const ORDERS = 2_000;

it('of two thousand orders at once each is taken or told when to come again, and none is lost, there twice or charged twice', async () => {
  await using shop = await startShop();
  const { accepted, refused, unanswered, wrong } = await placeAtOnce(shop.url(), ORDERS);
  expect(wrong).toEqual([]);
  expect(unanswered).toBe(0);
  expect(accepted.size + refused).toBe(ORDERS);
  expect(accepted.size).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);

  const books = await shop.settledBooks(120_000);
  expect(wrongIn(books, accepted)).toEqual([]);
  // What was refused was not done either.
  expect(books.orders).toHaveLength(accepted.size);
  const { charged, paid } = sumsOf(books);
  expect(charged).toBe(paid);
  expect(shop.role('storefront').child.exitCode).toBeNull();
}, 240_000);
