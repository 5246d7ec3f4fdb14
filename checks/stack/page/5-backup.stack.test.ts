import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { eventually, ROOT, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();
const folder = mkdtempSync(join(ROOT, '.data-test-restored-'));
const file = join(folder, 'backup.tar');
/** Data and home of another stack, at the ports of the first, which has to be stopped for it. */
const second = { AIOPS_DATA_DIR: join(folder, 'data'), AIOPS_HOME: join(folder, 'my') };
const npm = (args: readonly string[], environment: Record<string, string> = {}) =>
  execa('npm', ['--silent', ...args], {
    cwd: ROOT,
    env: { ...stack.environment, ...environment },
    stdin: 'ignore',
    all: true,
  });
afterAll(async () => {
  await npm(['stop'], second);
  rmSync(folder, { recursive: true, force: true });
});

/** What is there up to a moment, which later events do not change. */
async function counted(untilSeconds: number) {
  const { data } = await stack.http.get(stack.url('incidentResponder', '/api/incidents'));
  const logs = await stack.http.get(stack.url('loki', '/loki/api/v1/query'), {
    params: { query: 'sum(count_over_time({service_name="storefront"}[5m]))', time: untilSeconds },
  });
  return {
    samples: await stack.prometheus.value(
      `sum(count_over_time(${METRICS.httpRequests}[10m] @ ${untilSeconds}))`,
    ),
    requests: await stack.prometheus.value(`sum(${METRICS.httpRequests} @ ${untilSeconds})`),
    logLines: Number(logs.data.data.result[0]?.value[1]),
    incidents: data.incidents.map(({ id }: { id: number }) => id),
  };
}

test('a backup of the running stack, restored into a second one, has the same counts', {
  timeout: 400_000,
}, async () => {
  const { traceId } = await stack.tracedRequest('GET', '/api/products');
  await eventually('trace in Tempo', 30_000, async () => (await stack.spans(traceId)).length > 0);
  // All of it has arrived.
  const untilSeconds = Math.floor(Date.now() / 1000) - 30;
  const spans = (await stack.spans(traceId)).length;
  const before = await counted(untilSeconds);
  expect(before.samples).toBeGreaterThan(0);
  expect(before.logLines).toBeGreaterThan(0);

  const { all } = await npm(['run', 'backup', '--', file]);
  expect(all).toMatch(/Read again, and whole/);
  const { stdout } = await npm(['run', 'status', '--', '--json']);
  expect(JSON.parse(stdout).ready).toBe(true);

  await npm(['stop']);
  await npm(['run', 'restore', '--', file, '--yes'], second);
  await npm(['start', '--', '--engine', 'native', '--no-traffic'], second);
  expect((await stack.spans(traceId)).length).toBe(spans);
  expect(await counted(untilSeconds)).toEqual(before);
});
