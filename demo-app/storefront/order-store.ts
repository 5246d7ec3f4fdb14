import { PRODUCTS, USERS } from './catalogue.ts';
import type { Order } from './order.ts';
import { openOrderLog } from './order-log.ts';

/** How many orders are there from the start, `order-1` and up; they are never dropped. */
export const SAMPLE_ORDER_COUNT = 20;

export interface OrderStore {
  /** Resolves once the order would survive a kill; rejects with what the disk says. */
  add(order: Order): Promise<void>;
  get(id: string): Order | undefined;
}

/**
 * The orders of one process. At most `capacity` new ones are kept, the oldest are dropped.
 *
 * @param file where they are kept over restarts, a JSON object a line; without one they live in memory alone
 */
export async function openOrderStore({
  file,
  capacity = 1000,
}: {
  readonly file?: string | undefined;
  readonly capacity?: number;
} = {}): Promise<OrderStore> {
  const samples = new Map(
    Array.from({ length: SAMPLE_ORDER_COUNT }, (_, index): [string, Order] => {
      const order = {
        id: `order-${index + 1}`,
        userId: USERS[index % USERS.length]!.id,
        items: [{ productId: PRODUCTS[index % PRODUCTS.length]!.id, quantity: 1 }],
      };
      return [order.id, order];
    }),
  );
  const recent = new Map<string, Order>();
  const keep = (order: Order) => {
    recent.set(order.id, order);
    if (recent.size > capacity) recent.delete(recent.keys().next().value!);
  };
  const log = file === undefined ? undefined : await openOrderLog(file, capacity);
  for (const order of log?.orders ?? []) keep(order);
  return {
    async add(order) {
      await log?.append(order);
      keep(order);
    },
    get: (id) => samples.get(id) ?? recent.get(id),
  };
}
