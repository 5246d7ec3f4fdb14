import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { afterAll, expect, test } from 'vitest';
import { eventually, stackUnderTest } from './stack-under-test.ts';

const stack = stackUnderTest();
const matchers = [`alertname="${ALERTS.anomaly}"`, 'service="storefront"', 'rule="storefront_requests"'];
const active = async () => (await stack.activeAlerts(...matchers)).length > 0;

afterAll(() => stack.setTraffic('normal'));

test('a drop of the traffic to a third raises an anomaly alert, which resolves when it is back', {
  timeout: 1_200_000,
}, async () => {
  await eventually('quiet detector', 300_000, async () => !(await active()));
  stack.setTraffic('third');
  const droppedMs = Date.now();
  await eventually('anomaly alert in Alertmanager', 420_000, active);
  const detectedSeconds = Math.round((Date.now() - droppedMs) / 1000);
  const [alert] = await stack.activeAlerts(...matchers);
  expect(alert?.annotations.summary).toMatch(/\d/);

  stack.setTraffic('normal');
  const backMs = Date.now();
  await eventually('end of the anomaly alert', 600_000, async () => !(await active()));
  console.log(
    `Traffic drop: alert after ${detectedSeconds} s, resolved ${Math.round((Date.now() - backMs) / 1000)} s after the traffic was back.`,
  );
});
