import { PAGE_CONDITIONS } from '@aiops-sre/conventions/queries/slo.ts';
import { expect, test } from 'vitest';
import { BURN_RATE_PAIRS } from './burn-rate-pairs.ts';

test('what the console and dashboards call burning is what the compiled rules page for', () => {
  const pages = BURN_RATE_PAIRS.filter(({ severity }) => severity === 'page');
  expect(PAGE_CONDITIONS.map(({ short, long, factor }) => [short, long, factor])).toEqual(
    pages.map(({ short, long, factor }) => [short, long, String(factor)]),
  );
});
