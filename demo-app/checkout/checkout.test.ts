import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openShop } from '../database/open-shop.ts';
import { createJsonClient } from '../http/json-client.ts';
import { openCharges } from '../payments/charges.ts';
import { paymentsApi } from '../payments/payments-api.ts';
import { createCheckouts } from '../storefront/checkouts.ts';
import { findOrder } from '../storefront/orders.ts';
import { captureLog } from '../testing/log-capture.ts';
import { type RunningService, startService } from '../testing/running-service.ts';
import { startShopDatabase } from '../testing/shop-database.ts';
import { checkoutApi } from './checkout-api.ts';
import { watchQueues } from './queue-state.ts';
import { checkoutSteps } from './steps.ts';
import { createWorker } from './worker.ts';

const AUTHORIZED = { headers: { authorization: 'Bearer long-enough-token' } };
const ADMIN = 'long-enough-token';

let store: Awaited<ReturnType<typeof startShopDatabase>>;
let payments: RunningService;
let documents: { fails: boolean; processed: number };
const ending: (() => unknown)[] = [];
beforeAll(async () => {
  store = await startShopDatabase();
});
afterAll(() => store[Symbol.asyncDispose]());
beforeEach(async () => {
  const charges = await openCharges({});
  payments = await startService({
    adminToken: ADMIN,
    api: ({ registry }) => paymentsApi({ charges, registry, random: () => 0 }),
  });
  documents = { fails: false, processed: 0 };
  ending.push(() => payments[Symbol.asyncDispose]());
});
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** A worker of checkouts, in this process. */
async function startWorker({ retryLimit }: { retryLimit?: number } = {}) {
  const registry = new Registry();
  const { lines: log, destination } = captureLog();
  const logger = pino({}, destination);
  const { url, password } = store.postgres;
  const shop = openShop({
    settings: { role: 'checkout', database: { url, password, poolMax: 5 } },
    registry,
    logger,
    supervise: true,
    retryLimit,
    begin: () => createWorker({ queue, steps, registry, logger }).start(),
  });
  const { database, queue, waitingFor } = shop;
  const steps = checkoutSteps({
    database,
    queue,
    payments: createJsonClient({ baseUrl: payments.url, timeoutMs: 300 }),
    dispatch: async () => {
      if (documents.fails) throw new Error('fulfillment failed the document');
      documents.processed += 1;
      return { status: 'processed' };
    },
  });
  const stopWatching = watchQueues({ database, registry });
  ending.push(shop.close, stopWatching);
  await vi.waitUntil(() => waitingFor() === undefined, { timeout: 20_000 });
  const placeOrder = createCheckouts({ database, queue });
  return {
    log,
    queue,
    steps,
    place: async (items = [{ productId: 'product-7', quantity: 2 }], key: string = randomUUID()) =>
      (await placeOrder({ key, order: { userId: 'user-1', items } })).orderId,
    state: async (id: string) => (await findOrder(database, id))?.state,
    sample: async (series: string) => {
      const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.split(' ').at(-1));
    },
  };
}

const stockOf = async (id: string) =>
  Number((await store.database.execute('SELECT stock FROM products WHERE id = $1', [id])).rows[0]?.stock);
/** Makes the order's value one that the provider declines. */
const priced = (id: string, cents: number) =>
  store.database.execute('UPDATE products SET price_cents = $2 WHERE id = $1', [id, cents]);
const WAIT = { timeout: 15_000, interval: 50 };

describe('a checkout', () => {
  it('takes stock, charges once, makes an invoice and ends fulfilled', async () => {
    const { place, state, sample } = await startWorker();
    const before = await stockOf('product-7');
    const id = await place();
    await expect.poll(() => state(id), WAIT).toBe('fulfilled');
    expect(await stockOf('product-7')).toBe(before - 2);
    expect(documents.processed).toBe(1);
    expect(await payments.sample('payments_charges_total{status="charged"}')).toBe(1);
    expect(await sample('checkout_orders_total{state="fulfilled",reason="none"}')).toBe(1);
    expect(await sample('checkout_step_duration_seconds_count{step="charge-payment"}')).toBe(1);
    const { rows } = await store.database.execute('SELECT kind FROM documents WHERE order_id = $1', [id]);
    expect(rows).toEqual([{ kind: 'invoice' }]);
  });

  it('whose payment is declined ends failed, and its stock is there for others', async () => {
    const { place, sample } = await startWorker();
    await priced('product-8', 13);
    const before = await stockOf('product-8');
    const id = await place([{ productId: 'product-8', quantity: 1 }]);
    await expect
      .poll(() => findOrder(store.database, id), WAIT)
      .toMatchObject({ state: 'failed', reason: 'payment-declined' });
    expect(await stockOf('product-8')).toBe(before);
    expect(await sample('checkout_orders_total{state="failed",reason="payment_declined"}')).toBe(1);
  });

  it('of more than there is ends failed, and nothing is charged', async () => {
    const { place } = await startWorker();
    await store.database.execute('UPDATE products SET stock = 1 WHERE id = $1', ['product-9']);
    const id = await place([
      { productId: 'product-9', quantity: 1 },
      { productId: 'product-9', quantity: 1 },
    ]);
    await expect
      .poll(() => findOrder(store.database, id), WAIT)
      .toMatchObject({ state: 'failed', reason: 'out-of-stock' });
    expect(await stockOf('product-9')).toBe(1);
    expect(await payments.sample('payments_charges_total{status="charged"}')).toBe(0);
  });

  it('is one, whoever sends it twice at once', async () => {
    const { place, state } = await startWorker();
    const ids = await Promise.all(Array.from({ length: 5 }, () => place(undefined, 'the-same-key')));
    expect(new Set(ids).size).toBe(1);
    await expect.poll(() => state(ids[0]!), WAIT).toBe('fulfilled');
    await expect(place([{ productId: 'product-1', quantity: 1 }], 'the-same-key')).rejects.toMatchObject({
      status: 422,
    });
  });

  it('changes nothing when a step is run again', async () => {
    const { place, state, steps } = await startWorker();
    const before = await stockOf('product-7');
    const id = await place();
    await expect.poll(() => state(id), WAIT).toBe('fulfilled');
    for (const step of Object.values(steps)) expect(await step(id)).toBeUndefined();
    expect(await stockOf('product-7')).toBe(before - 2);
    expect(documents.processed).toBe(1);
  });
});

describe('a step that fails', () => {
  it.each([
    ['fails', { errorRatio: 1 }],
    ['limits the rate', { rateLimitRatio: 1 }],
    ['is too slow', { latencyMs: 1000 }],
  ])('as the provider %s is tried again until it works', async (_, faults) => {
    const { place, state, log, sample } = await startWorker();
    await payments.client.put('/admin/faults', faults, AUTHORIZED);
    const id = await place();
    await expect
      .poll(() => log.filter(({ outcome }) => outcome === 'failed').length, WAIT)
      .toBeGreaterThan(0);
    await expect
      .poll(() => sample('checkout_queue_jobs{queue="charge-payment",state="retry"}'), WAIT)
      .toBe(1);
    expect(await sample('checkout_queue_oldest_seconds{queue="charge-payment"}')).toBeGreaterThan(0);
    expect(await state(id)).toBe('reserved');
    await payments.client.delete('/admin/faults', AUTHORIZED);
    await expect.poll(() => state(id), WAIT).toBe('fulfilled');
    const { data } = await payments.client.get('/metrics');
    expect(data).toContain('payments_charges_total{status="charged"}');
  });

  it('for as long as it is tried becomes a dead letter, which can be put back', async () => {
    const { place, state, log, sample, queue } = await startWorker({ retryLimit: 0 });
    documents.fails = true;
    const id = await place();
    await expect.poll(() => sample('checkout_queue_jobs{queue="fulfil-order",state="dead"}'), WAIT).toBe(1);
    expect(await state(id)).toBe('paid');
    expect(await sample('checkout_orders_total{state="failed",reason="gave_up"}')).toBe(1);
    expect(log).toContainEqual(expect.objectContaining({ order_id: id, outcome: 'dead', attempt: 1 }));
    documents.fails = false;
    await using admin = await startService({ api: () => checkoutApi({ queue, adminToken: ADMIN }) });
    expect((await admin.client.post('/dead-letters/redrive')).status).toBe(401);
    expect((await admin.client.post('/dead-letters/redrive', {}, AUTHORIZED)).data).toEqual({ redriven: 1 });
    await expect.poll(() => state(id), WAIT).toBe('fulfilled');
    expect(await payments.sample('payments_charges_total{status="charged"}')).toBe(1);
  });
});

describe('the queues', () => {
  it('have all their series from the start, and count time as fresh', async () => {
    const { sample } = await startWorker();
    expect(await sample('checkout_queue_jobs{queue="reserve-stock",state="dead"}')).toBe(0);
    expect(await sample('checkout_freshness_seconds_total{state="stale"}')).toBeDefined();
    await expect
      .poll(() => sample('checkout_freshness_seconds_total{state="fresh"}'), WAIT)
      .toBeGreaterThan(1);
  });
});
