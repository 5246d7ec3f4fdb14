import { join } from 'node:path';
import { openDatabase } from '@aiops-sre/demo-app/database/database.ts';
import {
  type CheckoutBooks,
  readBooks,
  sumsOf,
  wrongIn,
} from '@aiops-sre/demo-app/testing/checkout-books.ts';
import { Registry } from 'prom-client';
import { eventually } from '../testing/stack-under-test.ts';
import type { Stack } from './kind.ts';

const SETTLED_WITHIN_MS = 180_000;

/** What the shop's database and the payment provider's own file say of the stack's checkouts. */
export async function readCheckoutBooks(stack: Stack): Promise<CheckoutBooks> {
  const database = openDatabase({
    url: `postgres://shop@127.0.0.1:${stack.settings.ports.postgres}/shop`,
    password: stack.secret('database-password'),
    poolMax: 1,
    name: 'crash-test',
    registry: new Registry(),
  });
  try {
    return await readBooks(database, join(stack.paths.data('payments'), 'charges.jsonl'));
  } finally {
    await database.close();
  }
}

/**
 * The books when nobody buys any more and every order has ended, those of the stack's own visitors too.
 *
 * @returns what is wrong in them, a sentence each
 */
export async function wrongInTheEnd(stack: Stack): Promise<readonly string[]> {
  await stack.supervisor.act('traffic', 'stop');
  let wrong: readonly string[] = [];
  let sums = { charged: 0, paid: 0 };
  await eventually('end of every checkout', SETTLED_WITHIN_MS, async () => {
    const books = await readCheckoutBooks(stack);
    wrong = wrongIn(books, new Map()).map(({ orderId, what }) => `order ${orderId} ${what}`);
    sums = sumsOf(books);
    return wrong.length === 0 && sums.charged === sums.paid;
  }).catch(() => {});
  return sums.charged === sums.paid
    ? wrong
    : [...wrong, `charged are ${sums.charged} cents, expected ${sums.paid}, which the paid orders are worth`];
}
