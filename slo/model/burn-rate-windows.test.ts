import { describe, expect, it } from 'vitest';
import { averagedWindows, pairsFor, rawWindows, readBurnRateWindows } from './burn-rate-windows.ts';

const file = 'windows.yaml';
const one = 'source: mine\npairs:\n  - { severity: page, budgetPercent: 1, long: 2h, short: 10m }\n';

describe('burn-rate windows', () => {
  it.each([
    [30, ['14.4', '6', '3', '1']],
    [28, ['13.44', '5.6', '2.8', '0.9333']],
    [90, ['43.2', '18', '9', '3']],
  ])('of %i days have the factors that spend the same shares of the budget', (days, factors) => {
    expect(pairsFor(days, '0.001').pairs.map(({ factor }) => factor)).toEqual(factors);
  });

  it('of a week never alert on a rate that the budget can bear', () => {
    const { pairs } = pairsFor(7, '0.001');
    expect(pairs.map(({ factor, budgetPercent }) => [factor, budgetPercent])).toEqual([
      ['3.36', 2],
      ['1.4', 5],
      ['1', 14.3],
      ['1', 42.9],
    ]);
  });

  it('can be replaced by a file, whose windows are recorded beside those that dashboards read', () => {
    const windows = readBurnRateWindows(file, one);
    const { pairs } = pairsFor(30, '0.001', windows);
    expect(pairs).toMatchObject([{ factor: '3.6', long: '2h', short: '10m', threshold: '0.0036' }]);
    expect(rawWindows(pairs)).toEqual(['5m', '10m', '30m', '1h', '2h', '6h']);
    expect(averagedWindows(pairs)).toEqual(['1d', '3d']);
  });

  it.each([
    ['short: 10m', 'short: 3h', 'pairs[0]: found {"severity"'],
    ['long: 2h', 'long: 2d', 'for a page a long window of at most 1d'],
    ['long: 2h', 'long: 2 hours', 'pairs[0].long: found "2 hours"; possible: a duration of at least 5m'],
    ['budgetPercent: 1', 'budgetPercent: 0', 'pairs[0].budgetPercent: found 0; possible: more than 0'],
    ['severity: page', 'severity: loud', 'pairs[0].severity: found "loud"; possible: page, ticket'],
    ['source: mine', 'from: mine', 'from: found an unknown field; possible: source, pairs'],
  ])('say what is wrong where %s is %s', (right, wrong, message) => {
    expect(() => readBurnRateWindows(file, one.replace(right, wrong))).toThrow(new RegExp(`^${file}:\\d+: `));
    expect(() => readBurnRateWindows(file, one.replace(right, wrong))).toThrow(message);
  });
});
