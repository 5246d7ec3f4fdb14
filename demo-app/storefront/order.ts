import { z } from 'zod';

/** What an id looks like: nothing else is looked for. */
export const ID = /^[\w-]{1,64}$/;

const id = z.string().regex(ID, 'expected an id of letters, digits, _ and -');

/** Body of POST /api/orders. Whether user and products are there, the database says. */
export const orderSchema = z.strictObject({
  userId: id,
  items: z
    .array(z.strictObject({ productId: id, quantity: z.number().int().min(1).max(100) }))
    .min(1)
    .max(20),
});

export type OrderRequest = Readonly<z.infer<typeof orderSchema>>;
