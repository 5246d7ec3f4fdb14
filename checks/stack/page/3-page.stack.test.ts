import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { afterAll, expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../../testing/stack-under-test.ts';
import { expectChangesMarked } from './marked-changes.ts';

const stack = stackUnderTest();
/** A page is delivered within this of the first error, on warm history. */
const PAGE_WITHIN_SECONDS = 90;
/**
 * 100 % errors for up to two minutes stop burning the short window 285 s after their end; then a scrape (5 s), an
 * evaluation (15 s) and Alertmanager's group_interval (60 s) may pass, and the delivery.
 */
const RESOLVED_WITHIN_SECONDS = 285 + 5 + 15 + 60 + 20;

const page = async (status: 'firing' | 'resolved', afterMs: number) =>
  (await stack.notifications(ALERTS.errorBudgetBurn)).find(
    (each) =>
      each.status === status &&
      Date.parse(each.receivedAt) > afterMs &&
      each.alerts.some(({ labels }) => labels.severity === 'page' && labels.service === 'storefront'),
  );

afterAll(() => stack.clearFaults());

test('when every request fails, the page reaches the webhook within 90 s, and resolves after it ends', {
  timeout: 900_000,
}, async () => {
  const startedMs = Date.now();
  await stack.setFaults({ errorRatio: 1, durationSeconds: 300 });
  const fired = await eventually('page at the webhook', 180_000, () => page('firing', startedMs));
  const firedSeconds = (Date.parse(fired.receivedAt) - startedMs) / 1000;
  for (const { annotations } of fired.alerts) {
    expect(Object.keys(annotations).sort()).toEqual(
      expect.arrayContaining(['dashboard_url', 'description', 'runbook_url', 'summary']),
    );
  }

  const trail = await eventually('way from the page to the log lines of a failed request', 60_000, () =>
    stack.diagnose('--alert', 'ErrorBudgetBurn'),
  );
  expect(trail).toMatchObject({
    service: 'storefront',
    slo: 'storefront-availability',
    route: expect.stringMatching(/^(GET|POST) \/api\//),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(trail.logLines.join()).toContain('injected fault');

  await stack.clearFaults();
  const endedMs = Date.now();
  // In the minutes until the page resolves nothing else happens.
  const [resolved] = await Promise.all([
    eventually('resolved page', (RESOLVED_WITHIN_SECONDS + 120) * 1000, () => page('resolved', endedMs)),
    expectChangesMarked(stack),
  ]);
  const resolvedSeconds = (Date.parse(resolved.receivedAt) - endedMs) / 1000;
  console.log(
    `Page: delivered after ${firedSeconds.toFixed(0)} s, resolved ${resolvedSeconds.toFixed(0)} s after the errors ended.`,
  );
  expect(firedSeconds).toBeLessThanOrEqual(PAGE_WITHIN_SECONDS);
  expect(resolvedSeconds).toBeLessThanOrEqual(RESOLVED_WITHIN_SECONDS);
});
