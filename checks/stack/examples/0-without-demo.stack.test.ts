import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FULFILLMENT_INSTANCES } from '@aiops-sre/conventions/services.ts';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { shippedSlos } from '@aiops-sre/stack/home/shipped.ts';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { eventually, ROOT, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();
const { home } = stack.settings;
const DEMO = [
  ...['storefront', 'identity', 'checkout', 'payments', 'traffic', 'postgres'],
  ...FULFILLMENT_INSTANCES.map(({ instance }) => instance),
];
const MOST_RESIDENT_BYTES = 700e6;

const command = (...args: readonly string[]) =>
  execa(process.execPath, args, { cwd: ROOT, reject: false, all: true, timeout: 60_000 });
const groups = async (): Promise<readonly string[]> => {
  const { data } = await stack.http.get(`${stack.prometheus.url}/api/v1/rules`);
  return data.data.groups.map(({ name }: { name: string }) => name);
};
const modified = async () => (await execa('git', ['ls-files', '--modified'], { cwd: ROOT })).stdout;

test('the platform alone is ready, small, and knows nothing of the demo', async () => {
  const { stdout, exitCode } = await command('stack/main.ts', 'status', '--json');
  const status = JSON.parse(stdout);
  expect({ exitCode, ready: status.ready }).toEqual({ exitCode: 0, ready: true });
  const components: readonly { name: string; residentBytes: number }[] = status.components;
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['prometheus', 'anomaly-detector', 'incident-responder']));
  expect(names.filter((name) => DEMO.includes(name))).toEqual([]);
  const resident = components
    .filter(({ name }) => name !== 'grafana')
    .reduce((sum, { residentBytes }) => sum + residentBytes, 0);
  console.log(`Without the demo: ${Math.round(resident / 1e6)} MB resident, Grafana not counted.`);
  expect(resident).toBeLessThan(MOST_RESIDENT_BYTES);

  expect(status.slos.filter(({ slo }: { slo: string }) => shippedSlos().includes(slo))).toEqual([]);
  expect(
    (await groups()).filter((name) => /storefront|fulfillment|checkout|telemetry-freshness/.test(name)),
  ).toEqual([]);
  const targets = await stack.prometheus.targets();
  expect(targets.filter(({ labels }) => DEMO.includes(labels.service ?? ''))).toEqual([]);
  const { data: rules } = await stack.http.get(
    `http://127.0.0.1:${stack.settings.ports.anomalyDetector}/metrics`,
  );
  expect(String(rules)).not.toContain('storefront');
});

test('a home folder is taken in while it runs: what is broken is said, the rest is evaluated, git sees nothing', async () => {
  const before = await modified();
  const definition = readFileSync(join(ROOT, 'stack/home/template/slos/shop.yaml.example'), 'utf8')
    .replaceAll('shop', 'own')
    .replaceAll('own_requests_total{job="own"', 'prometheus_http_requests_total{job="prometheus"');
  mkdirSync(join(home, 'slos'), { recursive: true });
  writeFileSync(join(home, 'slos', 'own.yaml'), definition);
  writeFileSync(join(home, 'slos', 'broken.yaml'), 'kind: SLOO\n');
  try {
    const { all, exitCode } = await command('stack/home/main.ts', 'apply');
    expect(exitCode, all).toBe(0);
    expect(all).toContain('broken.yaml');
    expect((await command('stack/home/main.ts', 'check')).exitCode).toBe(1);
    await eventually('evaluated SLO of the home folder', 60_000, async () =>
      Number.isFinite(await stack.prometheus.value(`${SERIES.currentBurnRate}{slo="own-availability"}`)),
    );
    expect((await command('stack/main.ts', 'status', '--json')).exitCode).toBe(0);
    expect(await modified()).toBe(before);
  } finally {
    for (const name of ['own.yaml', 'broken.yaml']) rmSync(join(home, 'slos', name));
    await command('stack/home/main.ts', 'apply');
  }
  await eventually('end of its rules', 30_000, async () =>
    (await groups()).every((name) => !name.startsWith('slo-own-')),
  );
});
