import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { afterAll, expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../testing/stack-under-test.ts';

const stack = stackUnderTest();
const PAGE_WITHIN_SECONDS = 90;
/** The short window burns for 285 s after the errors; then a scrape, an evaluation and group_interval may pass. */
const RESOLVED_WITHIN_SECONDS = 285 + 5 + 15 + 60 + 20;

const page = async (status: 'firing' | 'resolved', afterMs: number) =>
  (await stack.notifications(ALERTS.errorBudgetBurn)).find(
    (each) =>
      each.status === status &&
      Date.parse(each.receivedAt) > afterMs &&
      each.alerts.some(({ labels }) => labels.severity === 'page' && labels.service === 'storefront'),
  );

afterAll(() => stack.clearFaults());

test('a page goes from the storefront to the webhook within 90 s, through every container, and resolves', {
  timeout: 700_000,
}, async () => {
  const startedMs = Date.now();
  await stack.setFaults({ errorRatio: 1, durationSeconds: 300 });
  const fired = await eventually('page at the webhook', 180_000, () => page('firing', startedMs));
  await stack.clearFaults();
  const endedMs = Date.now();
  const resolved = await eventually('resolved page', (RESOLVED_WITHIN_SECONDS + 60) * 1000, () =>
    page('resolved', endedMs),
  );
  const firedSeconds = (Date.parse(fired.receivedAt) - startedMs) / 1000;
  const resolvedSeconds = (Date.parse(resolved.receivedAt) - endedMs) / 1000;
  console.log(
    `Page: delivered after ${firedSeconds.toFixed(0)} s, resolved ${resolvedSeconds.toFixed(0)} s after the errors ended.`,
  );
  expect(firedSeconds).toBeLessThanOrEqual(PAGE_WITHIN_SECONDS);
  expect(resolvedSeconds).toBeLessThanOrEqual(RESOLVED_WITHIN_SECONDS);
});
