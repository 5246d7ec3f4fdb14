import { join } from 'node:path';
import { expect, test } from 'vitest';
import { overBudget, readSeriesBudget, seriesCosts } from './series-budget.ts';

test('every scrape job and every service of the demo that is traced has a budget', () => {
  const { jobs } = readSeriesBudget(join(import.meta.dirname, '..', '..'));
  for (const job of [
    'demo-app',
    'demo/storefront',
    'demo/identity',
    'demo/fulfillment',
    'demo/checkout',
    'demo/payments',
    'prometheus',
    'rules',
  ])
    expect(jobs).toHaveProperty([job]);
});

test('a job above its budget is named, others are not', () => {
  const costs = [
    { job: 'tempo', series: 10, budget: 10 },
    { job: 'prometheus', series: 11, budget: 10 },
  ];
  expect(overBudget(costs)).toEqual(['prometheus has 11 series, above its budget of 10']);
});

test('a job without a budget of its own has the one of all others', async () => {
  const prometheus = { query: async () => [{ labels: { job: 'mine' }, value: 3 }] };
  expect(await seriesCosts(prometheus, { default: 2, jobs: { tempo: 10 } })).toEqual([
    { job: 'mine', series: 3, budget: 2 },
  ]);
});
