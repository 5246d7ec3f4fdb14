import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Network } from '../http/network.ts';
import { type RunningService, requestsSeries, startService } from '../testing/running-service.ts';

const AUTHORIZED = { headers: { authorization: 'Bearer long-enough' } };

let draw = 0;
const crash = vi.fn();
let service: RunningService;

function start(adminToken?: string) {
  return startService({
    adminToken,
    crash,
    random: () => draw,
    api: () => [
      { method: 'GET', route: '/api/things', handlers: [(_request, response) => void response.json([])] },
    ],
  });
}

beforeEach(async () => {
  draw = 0.5;
  service = await start('long-enough');
});
afterEach(() => service[Symbol.asyncDispose]());

const set = (faults: object) => service.client.put('/admin/faults', faults, AUTHORIZED);
const status = async (url: string) => (await service.client.get(url)).status;

describe('admin routes', () => {
  it('are not there without a token', async () => {
    await using open = await start();
    expect((await open.client.get('/admin/faults', AUTHORIZED)).status).toBe(404);
    expect((await open.client.post('/admin/crash', {}, AUTHORIZED)).status).toBe(404);
  });

  it.each([[undefined], ['Bearer wrong-token'], ['long-enough'], ['Bearer long-enough2']])(
    'turn away authorization %j',
    async (authorization) => {
      const headers = authorization ? { authorization } : {};
      expect((await service.client.put('/admin/faults', { errorRatio: 1 }, { headers })).status).toBe(401);
      expect((await service.client.post('/admin/crash', {}, { headers })).status).toBe(401);
      expect(await status('/api/things')).toBe(200);
      expect(crash).not.toHaveBeenCalled();
    },
  );

  it.each([
    [{ errorRatio: 1.1 }, /^body\.errorRatio/],
    [{ rateLimitRatio: 2 }, /^body\.rateLimitRatio/],
    [{ latencyMs: -1 }, /^body\.latencyMs/],
    [{ latencyMs: 10_001 }, /^body\.latencyMs/],
    [{ memoryLeakMbPerMinute: 1e6 }, /^body\.memoryLeakMbPerMinute/],
    [{ heapLeakMbPerMinute: 601 }, /^body\.heapLeakMbPerMinute/],
    [{ clockSkewSeconds: 86_401 }, /^body\.clockSkewSeconds/],
    [{ cpuLoad: 2 }, /^body\.cpuLoad/],
    [{ network: { to: 'Identity!' } }, /^body\.network\.to/],
    [{ durationSeconds: 3601 }, /^body\.durationSeconds/],
    [{ durationSeconds: 0 }, /^body\.durationSeconds/],
    [{ errorRate: 1 }, /errorRate/],
    ['{', /expected JSON/],
  ])('refuse %j', async (body, reason) => {
    const answer = await service.client.put('/admin/faults', body, {
      headers: { ...AUTHORIZED.headers, 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(400);
    expect(answer.data.error).toMatch(reason);
  });

  it('crash the process after the answer is out', async () => {
    expect((await service.client.post('/admin/crash', {}, AUTHORIZED)).status).toBe(202);
    await vi.waitFor(() => expect(crash).toHaveBeenCalledOnce());
  });
});

describe('faults', () => {
  it('fail the given share of API requests, which count as errors', async () => {
    await set({ errorRatio: 0.4 });
    draw = 0.39;
    expect(await status('/api/things')).toBe(500);
    draw = 0.4;
    expect(await status('/api/things')).toBe(200);
    expect(await service.sample(requestsSeries('GET', '/api/things', '5xx'))).toBe(1);
    expect(service.log).toContainEqual(expect.objectContaining({ injected_fault: 'error', status: 500 }));
  });

  it('that are not announced look like what they stand for, in all that the process tells', async () => {
    const announced = { errorRatio: 0.4, rateLimitRatio: 0.6, scrapeFails: true };
    await set({ ...announced, announced: false });
    draw = 0.39;
    expect((await service.client.get('/api/things')).data).toEqual({ error: 'internal error' });
    draw = 0.5;
    expect((await service.client.get('/api/things')).data).toEqual({ error: 'too many requests' });
    expect((await service.client.get('/metrics')).data).toEqual({ error: 'unavailable' });
    await set({ errorRatio: 1, announced: false, durationSeconds: 0.05 });
    expect(await service.sample('demo_fault_active{kind="error"}')).toBe(0);
    await vi.waitFor(async () => expect(await status('/api/things')).toBe(200));
    await service.client.delete('/admin/faults', AUTHORIZED);
    expect(JSON.stringify(service.log)).not.toMatch(/inject|fault|drill/i);
  });

  it('turn away the given share of API requests, and say when to come again', async () => {
    await set({ rateLimitRatio: 0.6 });
    const limited = await service.client.get('/api/things');
    expect(limited.status).toBe(429);
    expect(limited.headers['retry-after']).toBe('5');
    draw = 0.7;
    expect(await status('/api/things')).toBe(200);
  });

  it('leave health, metrics and admin alone', async () => {
    await set({ errorRatio: 1, latencyMs: 10_000 });
    expect(await status('/healthz')).toBe(200);
    expect(await status('/metrics')).toBe(200);
    expect((await service.client.get('/admin/faults', AUTHORIZED)).data).toMatchObject({
      faults: { errorRatio: 1 },
    });
  });

  it('delay API requests', async () => {
    await set({ latencyMs: 120 });
    const startedAt = performance.now();
    expect(await status('/api/things')).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119);
  });

  it('fail scrapes, and nothing else', async () => {
    await set({ scrapeFails: true });
    expect(await status('/metrics')).toBe(503);
    expect(await status('/api/things')).toBe(200);
    await service.client.delete('/admin/faults', AUTHORIZED);
    expect(await status('/metrics')).toBe(200);
  });

  it('of the network are led to the connections of the process, until they end', async () => {
    const suffered: unknown[] = [];
    const network = { suffer: (fault: unknown) => void suffered.push(fault) } as unknown as Network;
    await using own = await startService({
      adminToken: 'long-enough',
      network,
      api: () => [{ method: 'GET', route: '/api/things', handlers: [] }],
    });
    const bad = { to: 'identity', latencyMs: 300 };
    await own.client.put('/admin/faults', { network: bad }, AUTHORIZED);
    expect(suffered.at(-1)).toEqual({ ...bad, lossRatio: 0, resolves: true });
    expect(await own.sample('demo_fault_active{kind="network"}')).toBe(1);
    await own.client.delete('/admin/faults', AUTHORIZED);
    expect(suffered.at(-1)).toBeUndefined();
  });

  it('of the clock show in what a scrape reads of it, and end when cleared', async () => {
    const aheadSeconds = async () =>
      (await service.sample('demo_time_seconds'))! - (performance.timeOrigin + performance.now()) / 1000;
    expect(await aheadSeconds()).toBeCloseTo(0, -1);
    await set({ clockSkewSeconds: 3600 });
    expect(await aheadSeconds()).toBeCloseTo(3600, -1);
    await set({ clockSkewSeconds: -3600 });
    expect(await aheadSeconds()).toBeCloseTo(-3600, -1);
    await service.client.delete('/admin/faults', AUTHORIZED);
    expect(await aheadSeconds()).toBeCloseTo(0, -1);
  });

  it('show as gauges, and end when cleared', async () => {
    const active = (kind: string) => service.sample(`demo_fault_active{kind="${kind}"}`);
    expect(await Promise.all(['error', 'latency', 'memory_leak', 'cpu_load'].map(active))).toEqual([
      0, 0, 0, 0,
    ]);
    await set({ errorRatio: 1, cpuLoad: 0.1 });
    expect(await Promise.all(['error', 'latency', 'memory_leak', 'cpu_load'].map(active))).toEqual([
      1, 0, 0, 1,
    ]);
    await service.client.delete('/admin/faults', AUTHORIZED);
    expect(await Promise.all(['error', 'latency', 'memory_leak', 'cpu_load'].map(active))).toEqual([
      0, 0, 0, 0,
    ]);
    expect(await status('/api/things')).toBe(200);
  });

  it('end by themselves, and say so', async () => {
    const { data } = await set({ errorRatio: 1, durationSeconds: 0.05 });
    expect(Date.parse(data.endsAt)).toBeGreaterThan(Date.now() - 1000);
    await vi.waitFor(async () => expect(await status('/api/things')).toBe(200));
    expect(await service.sample('demo_fault_active{kind="error"}')).toBe(0);
    expect(service.log).toContainEqual(expect.objectContaining({ msg: 'faults ended by themselves' }));
  });

  it('that are set again last as long as the last one says', async () => {
    await set({ errorRatio: 1, durationSeconds: 0.05 });
    await set({ errorRatio: 1, durationSeconds: 60 });
    await vi.waitFor(async () =>
      expect((await service.client.get('/admin/faults', AUTHORIZED)).data.endsAt).not.toBeNull(),
    );
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await status('/api/things')).toBe(500);
  });
});
