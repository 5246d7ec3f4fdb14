import { join } from 'node:path';
import { expect, test } from 'vitest';
import { overBudget, readSeriesBudget } from './series-budget.ts';

test('every scrape job and every service of the demo that is traced has a budget', () => {
  const budget = readSeriesBudget(join(import.meta.dirname, '..', '..'));
  for (const job of [
    'demo-app',
    'demo/storefront',
    'demo/identity',
    'demo/fulfillment',
    'prometheus',
    'rules',
  ])
    expect(budget).toHaveProperty([job]);
});

test('a job above its budget and one without any are named, others are not', () => {
  const costs = [
    { job: 'tempo', series: 10, budget: 10 },
    { job: 'prometheus', series: 11, budget: 10 },
    { job: 'new', series: 1 },
  ];
  expect(overBudget(costs)).toEqual([
    'prometheus has 11 series, above its budget of 10',
    'new has 1 series and no budget in prometheus/series-budget.yaml',
  ]);
});
