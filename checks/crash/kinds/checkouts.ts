import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind, Stack } from '../kind.ts';

/** Spread over so many products that none runs out. */
const PRODUCTS = 1000;
const RETRY_MS = 200;

/**
 * Orders that the storefront took, asked for as a client does it: with one key, until there is an answer. Each has to come to
 * its end, to be the only one of its key, and to be charged once where it was fulfilled, else never. Ids are `KEY ORDER`.
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
  /** The provider's own book. @returns how often each order was charged */
  const charges = (): ReadonlyMap<string, number> => {
    const file = join(stack.paths.data('payments'), 'charges.jsonl');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    const counts = new Map<string, number>();
    // The last line may be on its way, or cut off by a kill.
    for (const line of lines.filter((each) => each.endsWith('}'))) {
      const { orderId, status } = JSON.parse(line);
      if (status === 'charged') counts.set(orderId, 1 + (counts.get(orderId) ?? 0));
    }
    return counts;
  };
  const hasEndedOnce = async (id: string, charged: ReadonlyMap<string, number>): Promise<boolean> => {
    const [key = '', order = ''] = id.split(' ');
    const { status, data } = await stack.http.get(stack.url('storefront', `/api/orders/${order}`));
    if (status !== 200 || !['fulfilled', 'failed'].includes(data.state)) return false;
    const times = charged.get(order) ?? 0;
    return times === (data.state === 'fulfilled' ? 1 : 0) && (await place(key)) === order;
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
      const charged = charges();
      const ended = await Promise.all(ids.map((id) => hasEndedOnce(id, charged)));
      return ids.filter((_, index) => !ended[index]);
    },
  };
}
