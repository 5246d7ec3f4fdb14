import { expect, it } from 'vitest';
import { readDefinitions } from '../reading/read-definitions.ts';
import { shopDefinition } from '../testing/shop-definition.ts';
import { backtest } from './backtest.ts';
import { backtestText } from './backtest-text.ts';
import { STEP_SECONDS } from './event-rates.ts';

const slo = readDefinitions([{ file: 'shop.yaml', text: shopDefinition() }]).slos[0]!;
const FROM = 1_790_000_000 - (1_790_000_000 % 3600);
const MINUTES = 14 * 1440;
const OUTAGE_AT = 10 * 1440;

/** Ten events a second for two weeks, a hundredth of a percent of them bad, and half an hour in which half of them are. */
const rates = {
  startSeconds: FROM,
  total: new Float64Array(MINUTES).fill(10),
  bad: Float64Array.from({ length: MINUTES }, (_, minute) =>
    minute >= OUTAGE_AT && minute < OUTAGE_AT + 30 ? 5 : 0.001,
  ),
};
const result = backtest({ slo, rates, fromSeconds: FROM, objectives: ['0.9', '0.99990'] });

it('sets objectives beside each other, the own one first', () => {
  expect(result.targets.map(({ objective }) => objective)).toEqual([slo.objective, '0.9', '0.9999']);
  const spent = result.targets.map(({ budgetSpent }) => budgetSpent);
  expect(spent[1]).toBeCloseTo(result.badEvents / result.totalEvents / 0.1, 6);
  expect(spent[2]).toBeCloseTo(result.badEvents / result.totalEvents / 0.0001, 6);
});

it('finds the outage and says when it would have paged', () => {
  const [page, ...others] = result.targets[0]!.pages;
  expect(others).toEqual([]);
  const minutes = (page!.startSeconds - FROM) / STEP_SECONDS - OUTAGE_AT;
  expect(minutes).toBeGreaterThanOrEqual(0);
  expect(minutes).toBeLessThan(5);
  expect(result.targets[1]!.pages).toEqual([]);
});

it('names the hour that spent most', () => {
  expect(result.noisiestHours[0]!.startSeconds).toBe(FROM + OUTAGE_AT * STEP_SECONDS);
  expect(result.noisiestHours[0]!.share).toBeGreaterThan(0.7);
  expect(result.noisiestHours[0]!.total).toBeCloseTo(36_000, 6);
});

it('prints a table of objectives, the alerts of the own one and the noisiest hours', () => {
  const text = backtestText(result, 'UTC');
  for (const { objective } of result.targets)
    expect(text).toContain(`${Number((Number(objective) * 100).toFixed(6))} %`);
  expect(text).toMatch(/page +20\d\d-/);
  expect(text).toMatch(/Noisiest hours/);
});

it('says that there is no telemetry rather than that all is well', () => {
  const nothing = new Float64Array(MINUTES).fill(Number.NaN);
  const empty = backtest({
    slo,
    rates: { startSeconds: FROM, bad: nothing, total: nothing },
    fromSeconds: FROM,
    objectives: [],
  });
  expect(empty.coverage).toBe(0);
  expect(empty.targets[0]!.budgetSpent).toBeNaN();
  expect(backtestText(empty, 'UTC')).toContain('no telemetry');
});
