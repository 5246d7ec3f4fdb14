import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { Queries } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { ID, type OrderRequest } from './order.ts';

/** How far an order is: `recorded` is one without a checkout, the others are the steps of one. */
export type OrderState = 'recorded' | 'placed' | 'reserved' | 'paid' | 'fulfilled' | 'failed';

interface StoredOrder extends OrderRequest {
  readonly id: string;
  readonly state: OrderState;
  readonly valueCents: number;
  /** Why it failed. */
  readonly reason?: string;
}

/** One statement, so that it is done or not: nothing where the user or a product is not there. */
const ADD = statement(
  'add-order',
  `WITH item AS (
     SELECT position, products.id AS product_id, quantity, price_cents
     FROM unnest($4::text[], $5::integer[]) WITH ORDINALITY AS wanted (product_id, quantity, position)
     JOIN products ON products.id = wanted.product_id
   ), added AS (
     INSERT INTO orders (id, user_id, state, value_cents)
     SELECT $1, users.id, $3, (SELECT sum(quantity * price_cents) FROM item)
     FROM users
     WHERE users.id = $2 AND (SELECT count(*) FROM item) = cardinality($4::text[])
     RETURNING id
   )
   INSERT INTO order_items (order_id, position, product_id, quantity, price_cents)
   SELECT added.id, position, product_id, quantity, price_cents FROM added, item
   RETURNING quantity * price_cents AS "valueCents"`,
);

const UNKNOWN = statement(
  'unknown-in-order',
  `SELECT product_id AS "productId", EXISTS (SELECT FROM users WHERE id = $1) AS "userIsKnown"
   FROM unnest($2::text[]) AS wanted (product_id)
   LEFT JOIN products ON products.id = wanted.product_id
   ORDER BY products.id NULLS FIRST LIMIT 1`,
);

const GET = statement(
  'order',
  `SELECT orders.id, user_id AS "userId", state, reason, value_cents AS "valueCents",
     json_agg(json_build_object('productId', product_id, 'quantity', quantity) ORDER BY position) AS items
   FROM orders JOIN order_items ON order_id = orders.id
   WHERE orders.id = $1
   GROUP BY orders.id`,
);

/**
 * Stores an order.
 *
 * @returns its value in cents
 * @throws {HttpError} 400 where the user or a product is not there
 */
export async function addOrder(
  { query }: Queries,
  id: string,
  state: OrderState,
  { userId, items }: OrderRequest,
): Promise<number> {
  const productIds = items.map(({ productId }) => productId);
  const quantities = items.map(({ quantity }) => quantity);
  const rows = await query<{ valueCents: number }>(ADD, [id, userId, state, productIds, quantities]);
  if (rows.length > 0) return rows.reduce((sum, { valueCents }) => sum + valueCents, 0);

  const [first] = await query<{ productId: string; userIsKnown: boolean }>(UNKNOWN, [userId, productIds]);
  if (!first?.userIsKnown) throw new HttpError(400, 'body.userId: no such user');
  throw new HttpError(400, `body.items[${productIds.indexOf(first.productId)}].productId: no such product`);
}

export async function findOrder({ query }: Queries, id: string): Promise<StoredOrder | undefined> {
  if (!ID.test(id)) return undefined;
  const [row] = await query<StoredOrder & { reason: string | null }>(GET, [id]);
  if (row === undefined) return undefined;
  const { reason, ...order } = row;
  return reason === null ? order : row;
}
