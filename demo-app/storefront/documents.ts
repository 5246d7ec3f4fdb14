import type { Queries } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { Document } from '../fulfillment/document.ts';

/** An order has one invoice: a second one is not kept. */
const ADD = statement(
  'add-document',
  'INSERT INTO documents (id, kind, pages, order_id) VALUES ($1, $2, $3, $4) ON CONFLICT (order_id) DO NOTHING',
);

/** @param orderId of the order whose invoice it is */
export async function addDocument(
  { query }: Queries,
  id: string,
  { kind, pages }: Document,
  orderId: string | null = null,
): Promise<void> {
  await query(ADD, [id, kind, pages, orderId]);
}
