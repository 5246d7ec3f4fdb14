import { setTimeout as sleep } from 'node:timers/promises';
import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { STOREFRONT_CANARY } from '@aiops-sre/conventions/services.ts';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { eventually, ROOT, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();
const ROLLED_BACK_WITHIN_MS = 180_000;

const start = (...args: readonly string[]) =>
  execa(process.execPath, ['stack/deploy/main.ts', ...args], {
    cwd: ROOT,
    env: stack.environment,
    reject: false,
    timeout: 400_000,
  });
async function deploy(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await start(...args, '--json');
  expect(stderr).toBe('');
  return { exitCode, result: JSON.parse(stdout) };
}
const status = async () => JSON.parse((await start('status', '--json')).stdout);
const share = () => stack.flag(FLAGS.storefrontCanaryPercent);
const exposed = () => eventually('share of the canary', 60_000, async () => share() === '10');

/** No process, no share, nothing that is scraped or missed. */
async function expectNoCanary(): Promise<void> {
  expect(share()).toBe('none');
  const canary = (await stack.supervisor.processes())?.find(({ name }) => name === STOREFRONT_CANARY.process);
  expect(canary?.state).toBe('stopped');
  await eventually('end of its scrapes', 15_000, async () => {
    const targets = await stack.prometheus.targets();
    return targets.every(({ labels }) => labels.instance !== STOREFRONT_CANARY.instance);
  });
  // A scrape that fails while it goes makes the alert wait, until the next evaluation; nobody may be told.
  const told =
    'count_over_time(ALERTS{alertname="TargetDown",service="storefront",alertstate="firing"}[10m])';
  expect(await stack.prometheus.query(told)).toEqual([]);
}
const stableVersion = async () =>
  (await stack.prometheus.query(`${METRICS.demoAppInfo}{instance="storefront-1"}`)).map(
    ({ labels }) => labels.version,
  );

test('a bad version is taken back within three minutes', { timeout: 400_000 }, async () => {
  // The budget's rules have to have been evaluated: what is measured is the deployment.
  await eventually('budget', 120_000, async () => {
    const budgets = await stack.prometheus.query(`${SERIES.policyTier}{service="storefront"}`);
    return budgets.length > 0;
  });
  const startedMs = Date.now();
  const { exitCode, result } = await deploy('bad', '--canary', '10');
  const tookMs = Date.now() - startedMs;
  console.log(JSON.stringify({ tookMs, because: result.because, times: result.times }));
  expect(exitCode).toBe(1);
  expect(result).toMatchObject({ version: '1.2.0', previous: '1.0.0', outcome: 'rolled back' });
  expect(result.because).toMatch(/^failed requests/);
  expect(tookMs).toBeLessThan(ROLLED_BACK_WITHIN_MS);
  await expectNoCanary();
  expect(await stableVersion()).toEqual(['1.0.0']);
});

test('nothing that the bad version left in logs tells that somebody meant it', {
  timeout: 90_000,
}, async () => {
  const failed = await eventually('log line of a failure', 60_000, async () => {
    const lines = await stack.logLines('{service_name="storefront"} | status="500"');
    const canarys = lines.filter(({ fields }) => fields.service_instance_id === STOREFRONT_CANARY.instance);
    return canarys.length > 0 && canarys;
  });
  for (const { line, fields } of failed) {
    expect(fields.service_version).toBe('1.2.0');
    expect(line + JSON.stringify(fields)).not.toMatch(/inject|fault|on purpose|bad\.yaml/i);
  }
});

test('a deployment that is interrupted takes back what it did', { timeout: 200_000 }, async () => {
  const running = start('good', '--canary', '10');
  await exposed();
  expect((await start('good')).stderr).toContain('a deployment of 1.1.0 runs');
  expect(await status()).toMatchObject({ deployment: { version: '1.1.0', step: 10, isAlive: true } });
  running.kill('SIGINT');
  expect((await running).exitCode).toBe(130);
  await expectNoCanary();
});

test('what a deployment left that was killed is taken back when asked', { timeout: 200_000 }, async () => {
  const running = start('good', '--canary', '10');
  await exposed();
  running.kill('SIGKILL');
  await running;
  expect(await status()).toMatchObject({ deployment: { version: '1.1.0', isAlive: false } });
  expect(share()).toBe('10');
  expect((await start('--abort')).stdout).toContain('was cut off; it is taken back');
  await expectNoCanary();
});

test('a good version is promoted, and requests are answered meanwhile', { timeout: 400_000 }, async () => {
  let asked = 0;
  let failed = 0;
  let isOver = false;
  const visitor = (async () => {
    while (!isOver) {
      asked += 1;
      const { status: code } = await stack.http
        .get(stack.url('storefront', '/api/products'))
        .catch(() => ({ status: 0 }));
      // Whoever knows the stable address alone meets its restart.
      if (code >= 500) failed += 1;
      await sleep(200);
    }
  })();
  const { exitCode, result } = await deploy('good', '--steps', '25,100', '--bake', '24s', '--minimum', '10');
  isOver = true;
  await visitor;
  console.log(JSON.stringify({ asked, failed, because: result.because, times: result.times }));
  expect(exitCode).toBe(0);
  expect(result).toMatchObject({ version: '1.1.0', outcome: 'promoted' });
  expect(failed).toBe(0);
  await eventually('new version of the stable storefront', 30_000, async () =>
    (await stableVersion()).includes('1.1.0'),
  );
  await expectNoCanary();
});

test('the deployment is a change that the responder’s evidence would find', async () => {
  const [deployed] = await stack.prometheus.query(
    `count by (service, version) (${METRICS.demoAppInfo}{service="storefront"}) unless count by (service, version) (${METRICS.demoAppInfo} offset 1h)`,
  );
  expect(deployed?.labels.version).toBe('1.1.0');
});

test('the responder takes a bad version back whose deployment was killed', { timeout: 600_000 }, async () => {
  const running = start('bad', '--canary', '50', '--bake', '10m');
  await eventually('share of the canary', 90_000, async () => share() === '50');
  running.kill('SIGKILL');
  const killedMs = Date.now();
  await running;
  await eventually('share that the responder took away', 480_000, async () => share() === 'none');
  console.log(JSON.stringify({ takenBackMs: Date.now() - killedMs }));
  const { data } = await stack.http.get(stack.url('incidentResponder', '/api/actions'));
  expect(data.actions.map(({ action }: { action: string }) => action)).toContain('roll-back-storefront');
  expect((await start('--abort')).stdout).toContain('was cut off; it is taken back');
  await expectNoCanary();
});
