import { createHash, randomUUID } from 'node:crypto';
import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { Queue } from '../queue/queue.ts';
import type { OrderRequest } from './order.ts';
import { addOrder } from './orders.ts';

/** Who comes second with the same key waits here until the first is done. */
const CLAIM = statement(
  'claim-idempotency-key',
  `INSERT INTO checkouts (idempotency_key, request_digest, order_id) VALUES ($1, $2, $3)
   ON CONFLICT DO NOTHING RETURNING order_id`,
);
const CLAIMED = statement(
  'claimed-idempotency-key',
  'SELECT request_digest AS digest, order_id AS "orderId" FROM checkouts WHERE idempotency_key = $1',
);

interface PlacedOrder {
  readonly orderId: string;
  /** Of a new one. */
  readonly valueCents?: number;
}

interface CheckoutsOptions {
  readonly database: Database;
  readonly queue: Pick<Queue, 'send'>;
}

/**
 * Places orders: the order, its key and the first job of its checkout are stored together or not at all.
 *
 * @returns a function that gives the order's id, the same for the same key, and throws {@link HttpError}: 422 where the key was
 *   used for another order
 */
export function createCheckouts({ database, queue }: CheckoutsOptions) {
  return ({ key, order }: { readonly key: string; readonly order: OrderRequest }): Promise<PlacedOrder> =>
    database.transaction(async (transaction) => {
      const orderId = randomUUID();
      const digest = createHash('sha256')
        .update(JSON.stringify([order.userId, order.items]))
        .digest('hex');
      const claim = await transaction.query(CLAIM, [key, digest, orderId]);
      if (claim.length === 0) {
        const [first] = await transaction.query<{ digest: string; orderId: string }>(CLAIMED, [key]);
        if (first?.digest !== digest) throw new HttpError(422, 'Idempotency-Key: was used for another order');
        return { orderId: first.orderId };
      }
      const valueCents = await addOrder(transaction, orderId, 'placed', order);
      await queue.send('reserve-stock', orderId, transaction);
      return { orderId, valueCents };
    });
}
