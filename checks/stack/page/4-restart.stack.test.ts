import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { eventually, ROOT, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();
const npm = (...args: string[]) =>
  execa('npm', ['--silent', ...args], { cwd: ROOT, env: stack.environment, all: true });

test('metrics, traces and alerts survive npm stop and npm start', { timeout: 240_000 }, async () => {
  const { traceId } = await stack.tracedRequest('GET', '/api/products');
  await eventually('trace before the stop', 30_000, async () => (await stack.spans(traceId)).length > 0);
  const notifications = await stack.http.get(stack.url('incidentResponder', '/api/notifications'));
  const samplesBefore = await stack.prometheus.value(
    `count_over_time(sum(${METRICS.httpRequests})[10m:15s])`,
  );

  const stopped = await npm('stop');
  expect(stopped.all).toMatch(/Stopped \d+ components/);
  await expect(stack.http.get(stack.url('storefront', '/healthz'))).rejects.toThrow(/ECONNREFUSED/);
  await npm('start', '--', '--engine', 'native');

  expect((await stack.spans(traceId)).length).toBeGreaterThan(0);
  const samplesAfter = await stack.prometheus.value(`count_over_time(sum(${METRICS.httpRequests})[12m:15s])`);
  expect(samplesAfter).toBeGreaterThanOrEqual((samplesBefore ?? Number.NaN) - 4);
  const after = await stack.http.get(stack.url('incidentResponder', '/api/notifications'));
  expect(after.data.notifications.length).toBeGreaterThanOrEqual(notifications.data.notifications.length);
});

test('a second npm start says that everything runs already', async () => {
  const { all } = await npm('start', '--', '--engine', 'native');
  expect(all).toMatch(/Already running on the native engine/);
});
