import { existsSync, readFileSync } from 'node:fs';
import type { Transaction } from '../database/database.ts';
import { type KeptCharge, keptChargeSchema } from '../payments/charge.ts';
import { DEAD_LETTERS, QUEUE_SCHEMA } from '../queue/queue.ts';
import type { OrderState } from '../storefront/orders.ts';

export interface BookedOrder {
  readonly key: string;
  readonly id: string;
  readonly state: OrderState;
  readonly valueCents: number;
  readonly chargeId: string | null;
  readonly invoices: number;
  /** Whether a job of it failed for as long as it was tried, and waits for a person. */
  readonly isDead: boolean;
}

/** What the shop and its payment provider have written down, each by itself. */
export interface CheckoutBooks {
  /** Every order that came with an idempotency key. */
  readonly orders: readonly BookedOrder[];
  readonly charges: readonly KeptCharge[];
}

const ORDERS = `
  SELECT idempotency_key AS key, orders.id, state, value_cents AS "valueCents", charge_id AS "chargeId",
    count(documents.id)::integer AS invoices,
    orders.id IN (SELECT data->>'orderId' FROM ${QUEUE_SCHEMA}.job WHERE name = '${DEAD_LETTERS}' AND state < 'completed') AS "isDead"
  FROM checkouts
  JOIN orders ON checkouts.order_id = orders.id
  LEFT JOIN documents ON documents.order_id = orders.id
  GROUP BY idempotency_key, orders.id`;

/** @param chargesFile of the payment provider */
export async function readBooks(
  database: Pick<Transaction, 'execute'>,
  chargesFile: string,
): Promise<CheckoutBooks> {
  const { rows } = await database.execute(ORDERS);
  const lines = existsSync(chargesFile) ? readFileSync(chargesFile, 'utf8').split('\n') : [];
  return {
    orders: rows as BookedOrder[],
    // A line that a kill cut short was promised to nobody.
    charges: lines
      .filter((line) => line.endsWith('}'))
      .map((line) => keptChargeSchema.parse(JSON.parse(line))),
  };
}

const isPaid = ({ state }: BookedOrder) => state === 'paid' || state === 'fulfilled';

export interface Wrong {
  /** The order's id, or that which its client was told. */
  readonly orderId: string;
  readonly what: string;
}

/**
 * What must not be, whatever was killed: an order that was accepted and is not there, or that neither ended nor is a dead
 * letter; two orders of one key; one that is charged twice, for nothing, for something else or not at all; a second invoice.
 *
 * @param accepted the id that the storefront answered to each key
 */
export function wrongIn({ orders, charges }: CheckoutBooks, accepted: ReadonlyMap<string, string>): Wrong[] {
  const byId = new Map(orders.map((order) => [order.id, order]));
  const chargesOf = Map.groupBy(
    charges.filter(({ status }) => status === 'charged'),
    ({ orderId }) => orderId,
  );
  const wrong: Wrong[] = [];
  for (const [key, orderId] of accepted)
    if (byId.get(orderId)?.key !== key)
      wrong.push({ orderId, what: `was accepted with key ${key} and is lost` });
  for (const [key, same] of Map.groupBy(orders, (order) => order.key))
    for (const { id } of same.slice(1)) wrong.push({ orderId: id, what: `is another order of key ${key}` });
  for (const orderId of chargesOf.keys())
    if (!byId.has(orderId)) wrong.push({ orderId, what: 'is charged and there is no such order' });
  for (const order of orders) {
    const tell = (what: string) => wrong.push({ orderId: order.id, what });
    const [charge, ...more] = chargesOf.get(order.id) ?? [];
    const { state, isDead, valueCents, chargeId, invoices } = order;
    if (state !== 'fulfilled' && state !== 'failed' && !isDead) tell(`is ${state}, and no job of it is dead`);
    if (more.length > 0) tell(`is charged ${1 + more.length} times`);
    if (isPaid(order) && !charge) tell(`is ${state} and not charged`);
    if (isPaid(order) && charge && charge.id !== chargeId)
      tell(`was paid by charge ${chargeId}, got ${charge.id}`);
    if (charge && charge.amountCents !== valueCents)
      tell(`is charged ${charge.amountCents} cents, expected ${valueCents}`);
    // Charged just before its last attempt failed, it is still reserved.
    if (charge && !isPaid(order) && !isDead) tell(`is ${state} and charged`);
    if (invoices !== (state === 'fulfilled' ? 1 : 0)) tell(`is ${state} and has ${invoices} invoices`);
  }
  return wrong;
}

/** Cents that the provider took, and cents of the orders that the shop calls paid. */
export function sumsOf({ orders, charges }: CheckoutBooks): {
  readonly charged: number;
  readonly paid: number;
} {
  return {
    charged: charges.reduce(
      (sum, { status, amountCents }) => sum + (status === 'charged' ? amountCents : 0),
      0,
    ),
    paid: orders.reduce((sum, order) => sum + (isPaid(order) ? order.valueCents : 0), 0),
  };
}
