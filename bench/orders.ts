import { setTimeout as sleep } from 'node:timers/promises';
import { sumsOf, wrongIn } from '@aiops-sre/demo-app/testing/checkout-books.ts';
import { placeAtOnce } from '@aiops-sre/demo-app/testing/place-at-once.ts';
import { startShop } from '@aiops-sre/demo-app/testing/running-shop.ts';
import type { Benchmark } from './figures.ts';
import { wholeNumbers } from './whole-numbers.ts';

const ORDERS = 10_000;
const COME_AGAIN_MS = 1_000;
const SETTLED_WITHIN_MS = 600_000;

/** Ten thousand buyers at the same moment, each of whom comes again with the same key until the order is taken. */
export const ordersBenchmark: Benchmark = {
  description: `${ORDERS} orders at once: how they are answered, how long until all are taken and done, whether the books are right (--count)`,
  async run({ args, onProgress, signal }) {
    const { count: orders } = wholeNumbers('orders', args, { count: ORDERS });
    await using shop = await startShop();
    const startedAt = performance.now();
    const seconds = () => ({ value: (performance.now() - startedAt) / 1000, unit: 's' });
    const accepted = new Map<string, string>();
    const counts = { refused: 0, unanswered: 0, wrong: 0 };
    let waiting = Array.from({ length: orders }, (_, index) => `at-once-${index}`);
    let first: number | undefined;
    while (waiting.length > 0) {
      signal.throwIfAborted();
      const answers = await placeAtOnce(shop.url(), waiting);
      for (const [key, order] of answers.accepted) accepted.set(key, order);
      counts.refused += answers.refused;
      counts.unanswered += answers.unanswered;
      counts.wrong += answers.wrong.length;
      first ??= answers.accepted.size;
      waiting = waiting.filter((key) => !accepted.has(key));
      onProgress(`${accepted.size} of ${orders} orders are taken after ${seconds().value.toFixed(0)} s`);
      if (waiting.length > 0) await sleep(COME_AGAIN_MS, undefined, { signal });
    }
    const taken = seconds();
    onProgress('waiting until none is under way ...');
    const books = await shop.settledBooks(SETTLED_WITHIN_MS);
    const { charged, paid } = sumsOf(books);
    const count = (value: number) => ({ value, unit: '' });
    return {
      'orders taken at the first time': count(first ?? 0),
      'answered: come again': count(counts.refused),
      'without an answer': count(counts.unanswered),
      'other answers': count(counts.wrong),
      'all taken after': taken,
      'all done after': seconds(),
      'orders in the database': count(books.orders.length),
      'wrong in the books': count(wrongIn(books, accepted).length),
      'charged beside paid': { value: (charged - paid) / 100, unit: 'EUR' },
    };
  },
};
