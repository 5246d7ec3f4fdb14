import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createJsonClient } from '../http/json-client.ts';
import { captureLog } from '../testing/log-capture.ts';
import { startCheckoutProbe } from './checkout-probe.ts';

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

const EVERY_MS = 10;

/** A shop that answers as told; `undefined` never answers. */
async function probeShop(
  shop: (request: string, times: number) => Answer | undefined,
  { away = false, limitMs = 5000 } = {},
) {
  const requests: string[] = [];
  const headers: unknown[] = [];
  let begun = 0;
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    handler(request, response) {
      const key = `${request.method} ${request.url}`;
      requests.push(key);
      headers.push(request.headers['idempotency-key']);
      request.resume();
      const answer = shop(key, requests.filter((each) => each === key).length);
      if (answer) response.writeHead(answer.status ?? 200).end(JSON.stringify(answer.body ?? {}));
    },
  });
  if (away) await server.close(0);
  const registry = new Registry();
  const log = captureLog();
  const stop = startCheckoutProbe({
    storefront: createJsonClient({ baseUrl: server.url, timeoutMs: 5000 }),
    registry,
    logger: pino({}, log.destination),
    // Once a check, for what it buys.
    random() {
      begun += 1;
      return 0;
    },
    everyMs: EVERY_MS,
    limitMs,
  });
  onTestFinished(async () => {
    stop();
    if (!away) await server.close(0);
  });
  const sample = async (series: string) => {
    const line = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.split(' ')[1]);
  };
  return { requests, headers, log, sample, stop, registry, begun: () => begun };
}

const PLACED = { status: 202, body: { orderId: 'o-1' } };
const order = (state: string, reason?: string) => ({ body: { id: 'o-1', state, reason } });
const failures = (stage: string) => `probe_failures_total{probe="checkout",stage="${stage}"}`;
const checks = (result: string) => `probe_checks_total{probe="checkout",result="${result}"}`;

it('places an order, finds it again and counts a success, with a key of its own each time', async () => {
  const { requests, headers, sample } = await probeShop((key) =>
    key.startsWith('POST') ? PLACED : order('fulfilled'),
  );
  await vi.waitFor(async () => expect(await sample(checks('success'))).toBeGreaterThan(2));
  expect(new Set(requests)).toEqual(new Set(['POST /api/checkouts', 'GET /api/orders/o-1']));
  const keys = headers.filter((key) => key !== undefined);
  expect(new Set(keys).size).toBe(keys.length);
  expect(await sample(checks('failure'))).toBe(0);
  expect(await sample('probe_duration_seconds_count{probe="checkout"}')).toBeGreaterThan(2);
});

it('waits for an order to end', async () => {
  const { sample, requests } = await probeShop((key, times) =>
    key.startsWith('POST') ? PLACED : order(times === 1 ? 'placed' : 'fulfilled'),
  );
  await vi.waitFor(async () => expect(await sample(checks('success'))).toBeGreaterThan(0));
  expect(requests.filter((each) => each.startsWith('GET')).length).toBeGreaterThan(1);
});

it('takes a payment that is declined for what it is', async () => {
  const { sample } = await probeShop((key) =>
    key.startsWith('POST') ? PLACED : order('failed', 'payment-declined'),
  );
  await vi.waitFor(async () => expect(await sample(checks('success'))).toBeGreaterThan(0));
});

it.each<[string, string, (key: string, times: number) => Answer | undefined]>([
  ['place', 'is not taken', () => ({ status: 503 })],
  ['place', 'is taken without an id', () => ({ status: 202, body: { ok: true } })],
  ['place', 'is not answered', () => undefined],
  ['find', 'is not there', (key) => (key.startsWith('POST') ? PLACED : { status: 404 })],
  ['find', 'is another', (key) => (key.startsWith('POST') ? PLACED : { body: { id: 'o-2' } })],
  ['finish', 'fails', (key) => (key.startsWith('POST') ? PLACED : order('failed'))],
  ['finish', 'never ends', (key) => (key.startsWith('POST') ? PLACED : order('paid'))],
])('counts a failure at %s for an order that %s, and says so', async (stage, _case, shop) => {
  const { sample, log } = await probeShop(shop, { limitMs: 400 });
  await vi.waitFor(async () => expect(await sample(failures(stage))).toBeGreaterThan(0), 3000);
  expect(await sample(checks('failure'))).toBeGreaterThan(0);
  expect(await sample(checks('success'))).toBe(0);
  expect(log.lines[0]).toMatchObject({ msg: 'the checkout probe failed', stage });
});

it('counts a shop that is away as one that takes no order', async () => {
  const { sample } = await probeShop(() => undefined, { away: true });
  await vi.waitFor(async () => expect(await sample(failures('place'))).toBeGreaterThan(2));
});

it('begins checks on time while earlier ones hang, and counts none that is cut off by the end', async () => {
  const { requests, sample, stop, begun } = await probeShop(() => undefined);
  await vi.waitFor(() => expect(requests.length).toBeGreaterThan(5));
  stop();
  const begunByThen = begun();
  // Time for what was cut off to be let go, and for more to begin.
  await sleep(5 * EVERY_MS);
  expect(await sample(checks('failure'))).toBe(0);
  expect(begun()).toBe(begunByThen);
});

it('has every series from the start', async () => {
  const { registry, stop } = await probeShop(() => undefined);
  stop();
  expect((await registry.metrics()).split('\n').filter((line) => / 0$/.test(line))).toEqual(
    expect.arrayContaining([
      `${checks('success')} 0`,
      `${checks('failure')} 0`,
      `${failures('place')} 0`,
      `${failures('find')} 0`,
      `${failures('finish')} 0`,
      'probe_duration_seconds_count{probe="checkout"} 0',
    ]),
  );
});
