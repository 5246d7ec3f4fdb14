import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningService, startService } from '../testing/running-service.ts';
import { createJsonClient, failureOf } from './json-client.ts';
import { createNetwork } from './network.ts';

const FAULT = { to: 'identity', latencyMs: 0, lossRatio: 0, resolves: true };
let draws: number[] = [];
let callee: RunningService;
let network: ReturnType<typeof createNetwork>;
const client = (to: string, timeoutMs = 1500) =>
  createJsonClient({ baseUrl: callee.url, timeoutMs, over: { network, to } });

beforeEach(async () => {
  network = createNetwork(() => draws.shift() ?? 1);
  callee = await startService({ api: () => [] });
});
afterEach(() => callee[Symbol.asyncDispose]());

async function msOf(call: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await call;
  return performance.now() - startedAt;
}

describe('the network to one service', () => {
  it('delays each call, also where a connection was open, and none to another service', async () => {
    const identity = client('identity');
    await identity.get('/healthz');
    network.suffer({ ...FAULT, latencyMs: 120 });
    for (const _ of [1, 2]) expect(await msOf(identity.get('/healthz'))).toBeGreaterThanOrEqual(119);
    expect(await msOf(client('fulfillment').get('/healthz'))).toBeLessThan(119);
    network.suffer(undefined);
    expect(await msOf(identity.get('/healthz'))).toBeLessThan(119);
  });

  it('sends what was lost again after a second', async () => {
    network.suffer({ ...FAULT, lossRatio: 0.5 });
    draws = [0.4, 0.5];
    expect(await msOf(client('identity').get('/healthz'))).toBeGreaterThanOrEqual(999);
    expect(await msOf(client('identity').get('/healthz'))).toBeLessThan(999);
  });

  it('gives a call up whose connection does not stand in time', async () => {
    network.suffer({ ...FAULT, latencyMs: 500 });
    const failure = await client('identity', 100).get('/healthz').catch(failureOf);
    expect(failure).toBe('ETIMEDOUT');
  });

  it('does not find a name that does not resolve', async () => {
    network.suffer({ ...FAULT, resolves: false });
    expect(await client('identity').get('/healthz').catch(failureOf)).toBe('ENOTFOUND');
  });
});
