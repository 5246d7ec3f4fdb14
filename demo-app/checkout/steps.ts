import type { CheckoutStep } from '@aiops-sre/conventions/services.ts';
import type { AxiosInstance } from 'axios';
import type { Database, Transaction } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { Document, ProcessedDocument } from '../fulfillment/document.ts';
import { failureOf } from '../http/json-client.ts';
import { chargeSchema } from '../payments/charge.ts';
import type { Queue } from '../queue/queue.ts';
import { addDocument } from '../storefront/documents.ts';
import type { OrderState } from '../storefront/orders.ts';

const LOCK_ORDER = statement(
  'lock-order',
  'SELECT state, value_cents AS "valueCents" FROM orders WHERE id = $1 FOR UPDATE',
);
const ORDER = statement('order-state', 'SELECT state, value_cents AS "valueCents" FROM orders WHERE id = $1');
const SET_STATE = statement(
  'set-order-state',
  'UPDATE orders SET state = $2, reason = $3, charge_id = coalesce($4, charge_id), updated_at = now() WHERE id = $1',
);
/** In the order of their ids, so that two orders never wait for each other. */
const LOCK_STOCK = statement(
  'lock-stock',
  `SELECT products.id, stock, wanted
   FROM products
   JOIN (
     SELECT product_id, sum(quantity)::integer AS wanted FROM order_items WHERE order_id = $1 GROUP BY product_id
   ) AS ordered ON product_id = products.id
   ORDER BY products.id FOR NO KEY UPDATE OF products`,
);
const MOVE_STOCK = statement(
  'move-stock',
  `UPDATE products SET stock = stock + moved.quantity
   FROM unnest($1::text[], $2::integer[]) AS moved (product_id, quantity)
   WHERE products.id = moved.product_id`,
);

interface LockedOrder {
  readonly state: OrderState;
  readonly valueCents: number;
}

/** How an order ended, for the counter. */
export type End = 'fulfilled' | 'payment_declined' | 'out_of_stock';

interface StepsOptions {
  readonly database: Database;
  readonly queue: Queue;
  readonly payments: AxiosInstance;
  readonly dispatch: (document: Document) => Promise<ProcessedDocument>;
}

/**
 * The steps of a checkout. What a step does and the job of the next one are in one transaction, and it is done only to an
 * order that waits for it: a step that is run again changes nothing.
 *
 * @returns for each step, how the order ended if it did
 */
export function checkoutSteps({
  database,
  queue,
  payments,
  dispatch,
}: StepsOptions): Record<CheckoutStep, (orderId: string) => Promise<End | undefined>> {
  /** Runs `step` with the order locked, if it is in the state that the step goes on from. */
  const from = (
    state: OrderState,
    orderId: string,
    step: (transaction: Transaction) => Promise<End | undefined>,
  ) =>
    database.transaction(async (transaction) => {
      const [order] = await transaction.query<LockedOrder>(LOCK_ORDER, [orderId]);
      return order?.state === state ? step(transaction) : undefined;
    });

  return {
    'reserve-stock': (orderId) =>
      from('placed', orderId, async (transaction) => {
        const products = await lockedStock(transaction, orderId);
        if (products.some(({ stock, wanted }) => stock < wanted)) {
          await transaction.query(SET_STATE, [orderId, 'failed', 'out-of-stock', null]);
          return 'out_of_stock';
        }
        await moveStock(transaction, products, -1);
        await transaction.query(SET_STATE, [orderId, 'reserved', null, null]);
        await queue.send('charge-payment', orderId, transaction);
        return undefined;
      }),

    'charge-payment': async (orderId) => {
      const [order] = await database.query<LockedOrder>(ORDER, [orderId]);
      if (order?.state !== 'reserved') return undefined;
      // Not within the transaction: nobody else's locks and connections wait for a provider. Asked again it does not charge again.
      const charge = await askForCharge(payments, orderId, order.valueCents);
      return from('reserved', orderId, async (transaction) => {
        if (charge.status === 'declined') {
          await moveStock(transaction, await lockedStock(transaction, orderId), 1);
          await transaction.query(SET_STATE, [orderId, 'failed', 'payment-declined', null]);
          return 'payment_declined';
        }
        await transaction.query(SET_STATE, [orderId, 'paid', null, charge.id]);
        await queue.send('fulfil-order', orderId, transaction);
        return undefined;
      });
    },

    'fulfil-order': async (orderId) => {
      const [order] = await database.query<LockedOrder>(ORDER, [orderId]);
      if (order?.state !== 'paid') return undefined;
      const invoice = { kind: 'invoice', pages: 1 } as const;
      await dispatch(invoice);
      return from('paid', orderId, async (transaction) => {
        await addDocument(transaction, `invoice-${orderId}`, invoice, orderId);
        await transaction.query(SET_STATE, [orderId, 'fulfilled', null, null]);
        return 'fulfilled';
      });
    },
  };
}

interface LockedProduct {
  readonly id: string;
  readonly stock: number;
  readonly wanted: number;
}

const lockedStock = ({ query }: Transaction, orderId: string) => query<LockedProduct>(LOCK_STOCK, [orderId]);

const moveStock = ({ query }: Transaction, products: readonly LockedProduct[], sign: 1 | -1) =>
  query(MOVE_STOCK, [products.map(({ id }) => id), products.map(({ wanted }) => sign * wanted)]);

/** @throws {Error} where the provider gave no answer to go by */
async function askForCharge(payments: AxiosInstance, orderId: string, amountCents: number) {
  const answer = await payments
    .post('/charges', { orderId, amountCents }, { headers: { 'Idempotency-Key': orderId } })
    .catch((error: unknown) => {
      throw new Error(`payments: ${failureOf(error)}`);
    });
  const charge = chargeSchema.safeParse(answer.data);
  if (answer.status !== 201 || !charge.success) throw new Error(`payments answered ${answer.status}`);
  return charge.data;
}
