import { expect, inject, test } from 'vitest';
import { helm, tell, unready } from './cluster-under-test.ts';

const READY_WITHIN_SECONDS = 120;

test('the chart is installed and ready within two minutes', async () => {
  expect(await unready()).toEqual([]);
  expect(inject('installSeconds')).toBeLessThanOrEqual(READY_WITHIN_SECONDS);
});

test('a request is seen the whole way through by helm test', { timeout: 300_000 }, async () => {
  const startedMs = Date.now();
  expect(await helm('test', '--timeout=4m')).toMatch(/Phase:\s+Succeeded/);
  tell('helm test', startedMs);
});
