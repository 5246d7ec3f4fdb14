import { expect, it } from 'vitest';
import { type BookedOrder, type CheckoutBooks, wrongIn } from './checkout-books.ts';

const ORDER: BookedOrder = {
  key: 'key-1',
  id: 'order-a',
  state: 'fulfilled',
  valueCents: 500,
  chargeId: 'charge-1',
  invoices: 1,
  isDead: false,
};
const CHARGE = {
  id: 'charge-1',
  key: 'order-a',
  orderId: 'order-a',
  amountCents: 500,
  status: 'charged',
} as const;
const UNPAID = { ...ORDER, chargeId: null, invoices: 0 };
const ACCEPTED = new Map([['key-1', 'order-a']]);
const told = (books: CheckoutBooks, accepted: ReadonlyMap<string, string> = ACCEPTED) =>
  wrongIn(books, accepted).map(({ what }) => what);

it.each<[string, CheckoutBooks]>([
  ['fulfilled', { orders: [ORDER], charges: [CHARGE] }],
  ['declined', { orders: [{ ...UNPAID, state: 'failed' }], charges: [{ ...CHARGE, status: 'declined' }] }],
  ['a dead letter', { orders: [{ ...UNPAID, state: 'placed', isDead: true }], charges: [] }],
  [
    'a dead letter after its charge',
    { orders: [{ ...UNPAID, state: 'reserved', isDead: true }], charges: [CHARGE] },
  ],
  [
    'paid, and dead since',
    { orders: [{ ...ORDER, state: 'paid', invoices: 0, isDead: true }], charges: [CHARGE] },
  ],
])('nothing is wrong with an order that is %s', (_, books) => {
  expect(told(books)).toEqual([]);
});

it.each<[string, CheckoutBooks, string]>([
  ['lost', { orders: [], charges: [] }, 'was accepted with key key-1 and is lost'],
  [
    'there twice',
    { orders: [ORDER, { ...UNPAID, id: 'b', state: 'failed' }], charges: [CHARGE] },
    'is another order of key key-1',
  ],
  [
    'charged twice',
    { orders: [ORDER], charges: [CHARGE, { ...CHARGE, id: 'charge-2' }] },
    'is charged 2 times',
  ],
  ['fulfilled for nothing', { orders: [ORDER], charges: [] }, 'is fulfilled and not charged'],
  [
    'charged something else',
    { orders: [ORDER], charges: [{ ...CHARGE, amountCents: 1 }] },
    'is charged 1 cents, expected 500',
  ],
  [
    'paid by another charge',
    { orders: [ORDER], charges: [{ ...CHARGE, id: 'x' }] },
    'was paid by charge charge-1, got x',
  ],
  [
    'failed and charged',
    { orders: [{ ...UNPAID, state: 'failed' }], charges: [CHARGE] },
    'is failed and charged',
  ],
  [
    'forgotten',
    { orders: [{ ...UNPAID, state: 'placed' }], charges: [] },
    'is placed, and no job of it is dead',
  ],
  [
    'without its invoice',
    { orders: [{ ...ORDER, invoices: 0 }], charges: [CHARGE] },
    'is fulfilled and has 0 invoices',
  ],
  [
    'charged and never placed',
    { orders: [ORDER], charges: [CHARGE, { ...CHARGE, orderId: 'b' }] },
    'is charged and there is no such order',
  ],
])('an order that is %s is told', (_, books, what) => {
  expect(told(books)).toEqual([what]);
});
