import { STATUS_CLASSES } from '@aiops-sre/conventions/metric-names.ts';
import { STOREFRONT_ROUTES } from '@aiops-sre/conventions/services.ts';
import { expect, it } from 'vitest';
import { createAppMetrics } from './app-metrics.ts';

const create = () =>
  createAppMetrics({ routes: STOREFRONT_ROUTES, version: '1.2.3', revision: 'abc', environment: 'test' });

it('has every route and status class at zero before the first request', async () => {
  const { values } = await create().requests.get();
  expect(values).toHaveLength((STOREFRONT_ROUTES.length + 1) * STATUS_CLASSES.length);
  expect(values.every(({ value }) => value === 0)).toBe(true);
});

it('says what is running, and how the process is', async () => {
  const text = await create().registry.metrics();
  expect(text).toContain('demo_app_info{version="1.2.3",revision="abc",environment="test"} 1');
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_p99_seconds',
  ])
    expect(text).toMatch(new RegExp(`^${name} `, 'm'));
});

it('keeps registries apart', async () => {
  const [one, other] = [create(), create()];
  one.requests.inc({ method: 'GET', route: '/api/users', status_class: '2xx' });
  expect((await other.requests.get()).values.every(({ value }) => value === 0)).toBe(true);
});
