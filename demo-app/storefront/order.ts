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
