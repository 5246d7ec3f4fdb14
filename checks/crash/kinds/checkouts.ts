import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { wrongIn } from '@aiops-sre/demo-app/testing/checkout-books.ts';
import { readCheckoutBooks } from '../checkout-books.ts';
import type { Kind, Stack } from '../kind.ts';

/** Spread over so many products that none runs out. */
const PRODUCTS = 1000;
const RETRY_MS = 200;

/**
 * Orders that the storefront took, asked for as a client does it: with one key, until there is an answer. Each has to come to
 * its end by the database and by the provider's own book, to be the only one of its key, and to be charged once where it was
 * fulfilled, else never. Ids are `KEY ORDER`.
 */
export function checkouts(stack: Stack): Kind {
  const place = async (key: string, signal?: AbortSignal): Promise<string | undefined> => {
    const product = 1 + (Number.parseInt(key.slice(0, 8), 16) % PRODUCTS);
    const order = { userId: 'user-1', items: [{ productId: `product-${product}`, quantity: 1 }] };
    const { status, data } = await stack.http.post(stack.url('storefront', '/api/checkouts'), order, {
      headers: { 'Idempotency-Key': key },
      ...(signal && { signal }),
    });
    return status === 202 ? data.orderId : undefined;
  };
  return {
    name: 'checkouts',
    writesPerSecond: 5,
    async write(signal) {
      const key = randomUUID();
      for (;;) {
        const order = await place(key, signal).catch(() => undefined);
        if (order !== undefined) return [`${key} ${order}`];
        await sleep(RETRY_MS, undefined, { signal });
      }
    },
    async missing(ids) {
      const accepted = new Map(ids.map((id) => id.split(' ') as [string, string]));
      const wrong = new Set(wrongIn(await readCheckoutBooks(stack), accepted).map(({ orderId }) => orderId));
      // Asked for once more, it is the same one.
      const again = await Promise.all(
        [...accepted].map(async ([key, order]) => (await place(key)) === order),
      );
      return ids.filter((id, index) => wrong.has(id.split(' ')[1] ?? '') || !again[index]);
    },
  };
}
