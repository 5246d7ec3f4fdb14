import { z } from 'zod';
import { PRODUCTS, USERS } from './catalogue.ts';

const productIds = new Set(PRODUCTS.map(({ id }) => id));
const userIds = new Set(USERS.map(({ id }) => id));

/** Body of POST /api/orders. */
export const orderSchema = z.strictObject({
  userId: z.string().refine((id) => userIds.has(id), 'no such user'),
  items: z
    .array(
      z.strictObject({
        productId: z.string().refine((id) => productIds.has(id), 'no such product'),
        quantity: z.number().int().min(1).max(100),
      }),
    )
    .min(1)
    .max(20),
});

export type Order = Readonly<z.infer<typeof orderSchema> & { id: string }>;

/** How many orders are there from the start, `order-1` and up; they are never dropped. */
export const SAMPLE_ORDER_COUNT = 20;

/** The orders of one process, in memory. At most `capacity` new ones are kept, the oldest are dropped. */
export function createOrderStore({ capacity = 1000 } = {}) {
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
  return {
    add(order: Order) {
      recent.set(order.id, order);
      if (recent.size > capacity) recent.delete(recent.keys().next().value!);
    },
    get: (id: string): Order | undefined => samples.get(id) ?? recent.get(id),
  };
}
