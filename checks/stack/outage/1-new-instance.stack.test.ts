import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, ROOT, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();
const INSTANCE = 'storefront-2';
/** Free beside the first one's. */
const PORT = stack.settings.ports.storefront + 5;
const ERRORS = 50;
const selector = `{service="storefront",instance="${INSTANCE}",status_class="5xx"}`;

const spec = JSON.parse(readFileSync(stack.paths.supervisorSpecFile, 'utf8')).processes.find(
  ({ name }: { name: string }) => name === 'storefront',
);
const targetsFile = join(stack.paths.configDir, 'prometheus', 'targets', 'demo-app.json');
const targetsBefore = readFileSync(targetsFile, 'utf8');
const instance = spawn(spec.command, spec.args, {
  cwd: ROOT,
  env: { ...spec.environment, INSTANCE, PORT: String(PORT) },
  stdio: 'ignore',
});

beforeAll(async () => {
  const target = { targets: [`127.0.0.1:${PORT}`], labels: { service: 'storefront', instance: INSTANCE } };
  writeFileSync(targetsFile, JSON.stringify([...JSON.parse(targetsBefore), target]));
  await eventually('ready new instance', 60_000, async () => {
    const { status } = await stack.http.get(`http://127.0.0.1:${PORT}/readyz`);
    return status === 200;
  });
});

afterAll(async () => {
  writeFileSync(targetsFile, targetsBefore);
  const exited = once(instance, 'exit');
  instance.kill('SIGTERM');
  await exited;
});

test('50 errors that are the first requests of a new instance are counted, 49 at least', async () => {
  await stack.http.put(
    `http://127.0.0.1:${PORT}/admin/faults`,
    { errorRatio: 1, durationSeconds: 60 },
    { headers: { authorization: `Bearer ${stack.adminToken()}` } },
  );
  const answers = await Promise.all(
    Array.from({ length: ERRORS }, () => stack.http.get(`http://127.0.0.1:${PORT}/api/products`)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(ERRORS).fill(500));

  await eventually('scrape of all errors', 30_000, async () => {
    return (await stack.prometheus.value(`sum(${METRICS.httpRequests}${selector})`)) === ERRORS;
  });
  // What rules see: increase() counts only what came after a first sample, so there must have been a zero.
  const increase = await stack.prometheus.value(`sum(increase(${METRICS.httpRequests}${selector}[2m]))`);
  expect(increase).toBeGreaterThanOrEqual(ERRORS - 1);
});
