import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../testing/stack-under-test.ts';
import { killAndAwait, seesProcesses } from './processes.ts';
import { compose, containers, services, takeDown, whenHealthy } from './project.ts';
import { projectUnderTest } from './project-under-test.ts';

const project = projectUnderTest();
const stack = stackUnderTest();
const KILLED_ASIDE = ['otel-collector', 'tempo', 'loki', 'anomaly-detector', 'guard'];
const READY_MS = 180_000;

const lasting = services(project).flatMap(([name, { restart }]) => (restart === 'no' ? [] : [name]));

test.skipIf(!seesProcesses(await containers(project)))(
  'every other service comes back after its process was killed, all at once',
  { timeout: 200_000 },
  async () => {
    const names = lasting.filter((name) => !KILLED_ASIDE.includes(name));
    const seconds = await Promise.all(names.map((name) => killAndAwait(project, name, 150_000)));
    for (const [index, name] of names.entries())
      console.log(`${name}: healthy ${seconds[index]?.toFixed(0)} s after its kill`);
    expect(names).toContain('prometheus');
  },
);

interface Kept {
  readonly traceId: string;
  readonly samples: number;
  readonly notifications: number;
  readonly secrets: string;
}

async function whatIsKept(): Promise<Omit<Kept, 'traceId'>> {
  const notifications = await stack.http.get(stack.url('incidentResponder', '/api/notifications'));
  const samples = await stack.prometheus.value(`sum(count_over_time(${METRICS.httpRequests}[1h]))`);
  return {
    samples: samples ?? Number.NaN,
    notifications: notifications.data.notifications.length,
    secrets: await compose(project, 'run', '--rm', '--no-deps', 'prepare', 'show'),
  };
}

async function expectKept(before: Kept): Promise<void> {
  await eventually('trace from before', 60_000, async () => (await stack.spans(before.traceId)).length > 0);
  const after = await whatIsKept();
  // An hour's window moves on: a share of it may have left, but not what is lost with a database.
  expect(after.samples).toBeGreaterThan(before.samples * 0.8);
  expect(after.notifications).toBeGreaterThanOrEqual(before.notifications);
  expect(after.secrets).toBe(before.secrets);
}

async function before(): Promise<Kept> {
  const { traceId } = await eventually('answered request', 60_000, async () => {
    const traced = await stack.tracedRequest('GET', '/api/products');
    return traced.response.status === 200 && traced;
  });
  await eventually('trace of it', 60_000, async () => (await stack.spans(traceId)).length > 0);
  return { traceId, ...(await whatIsKept()) };
}

test('metrics, traces, alerts and secrets survive docker compose restart', { timeout: 400_000 }, async () => {
  const kept = await before();
  const startedMs = Date.now();
  await compose(project, 'restart');
  await whenHealthy(project, { startedMs, timeoutMs: READY_MS });
  console.log(`restart of the whole: healthy after ${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
  await expectKept(kept);
});

test('they survive docker compose down and up', { timeout: 400_000 }, async () => {
  const kept = await before();
  await takeDown(project);
  await expect(stack.http.get(stack.url('storefront', '/healthz'))).rejects.toThrow(/ECONNREFUSED/);
  const startedMs = Date.now();
  await compose(project, 'up', '-d');
  const seconds = await whenHealthy(project, { startedMs, timeoutMs: READY_MS });
  console.log(`up with data: healthy after ${Math.max(...seconds.values()).toFixed(0)} s`);
  await expectKept(kept);
});
