import { listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, expect, it, vi } from 'vitest';
import { createJsonClient } from '../http/json-client.ts';
import { captureLog } from '../testing/log-capture.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { startTraffic } from './generator.ts';

const ending: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

async function start({ status = 200, answers = true, away = false, canaryShare = 0 } = {}) {
  const paths: string[] = [];
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    handler(request, response) {
      paths.push(request.url!);
      request.resume();
      if (answers) response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('{}');
    },
  });
  if (away) await server.close(0);
  const registry = new Registry();
  const log = captureLog();
  const stop = startTraffic({
    storefront: createJsonClient({ baseUrl: server.url, timeoutMs: 5000 }),
    // Nobody listens there.
    canary: {
      storefront: createJsonClient({ baseUrl: 'http://127.0.0.1:1', timeoutMs: 5000 }),
      share: async () => canaryShare,
    },
    registry,
    logger: pino({}, log.destination),
    ratePerSecond: () => 500,
    random: seededRandom(1),
  });
  ending.push(stop, () => (away ? undefined : server.close(0)));
  const sum = async (metric: string, labels: object = {}) => {
    const { values } = (await registry.getSingleMetric(metric)!.get()) as {
      values: { labels: object; value: number }[];
    };
    return values
      .filter((sample) =>
        Object.entries(labels).every(([name, value]) => Reflect.get(sample.labels, name) === value),
      )
      .reduce((total, { value }) => total + value, 0);
  };
  return { paths, log, sum };
}

it('sends the storefront requests and counts their answers', async () => {
  const { paths, sum } = await start();
  await vi.waitFor(async () =>
    expect(await sum('traffic_requests_total', { outcome: '2xx' })).toBeGreaterThan(30),
  );
  expect(paths.every((path) => path.startsWith('/api/'))).toBe(true);
  expect(await sum('traffic_requests_total', { outcome: 'no_answer' })).toBe(0);
});

it('does not follow a redirect elsewhere', async () => {
  const { sum } = await start({ status: 302 });
  await vi.waitFor(async () =>
    expect(await sum('traffic_requests_total', { outcome: '3xx' })).toBeGreaterThan(5),
  );
  expect(await sum('traffic_requests_total', { outcome: 'no_answer' })).toBe(0);
});

it('drops and counts arrivals when too many wait for an answer', async () => {
  const { paths, sum } = await start({ answers: false });
  await vi.waitFor(async () => expect(await sum('traffic_dropped_total')).toBeGreaterThan(10));
  expect(await sum('traffic_requests_in_flight')).toBe(100);
  expect(paths.length).toBeLessThanOrEqual(100);
});

it('says once that the storefront is away', async () => {
  const { sum, log } = await start({ away: true });
  await vi.waitFor(async () =>
    expect(await sum('traffic_requests_total', { outcome: 'no_answer' })).toBeGreaterThan(10),
  );
  expect(log.lines.filter(({ msg }) => msg === 'the storefront does not answer')).toHaveLength(1);
});

it('asks the canary for its share, and takes a canary that is away for a failure, not for a reason to ask elsewhere', async () => {
  const { paths, sum } = await start({ canaryShare: 0.25 });
  await vi.waitFor(async () => expect(await sum('traffic_requests_total')).toBeGreaterThan(400), 5_000);
  const failed = await sum('traffic_requests_total', { arm: 'canary', outcome: 'no_answer' });
  const answered = await sum('traffic_requests_total', { arm: 'stable', outcome: '2xx' });
  expect(await sum('traffic_requests_total')).toBe(failed + answered);
  // The stub may have heard of some whose answers are still on the way.
  expect(paths.length).toBeLessThan(answered + 100);
  expect(failed / (failed + answered)).toBeGreaterThan(0.15);
  expect(failed / (failed + answered)).toBeLessThan(0.35);
});

it('leaves a canary without a share alone', async () => {
  const { sum } = await start();
  await vi.waitFor(async () => expect(await sum('traffic_requests_total')).toBeGreaterThan(30));
  expect(await sum('traffic_requests_total', { arm: 'canary' })).toBe(0);
});
