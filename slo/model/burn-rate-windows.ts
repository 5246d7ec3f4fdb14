import { compare, decimalOf, multiply } from './decimal.ts';

/**
 * Long window over `factor` and short window over `factor`: burning, and still burning.
 * Factors are those of a 30-day period; {@link pairsFor} scales them to others.
 * @see https://sre.google/workbook/alerting-on-slos/ (table 5-8)
 */
export const BURN_RATE_PAIRS = [
  { severity: 'page', factor: '14.4', long: '1h', short: '5m', budgetPercent: 2 },
  { severity: 'page', factor: '6', long: '6h', short: '30m', budgetPercent: 5 },
  { severity: 'ticket', factor: '3', long: '1d', short: '2h', budgetPercent: 10 },
  { severity: 'ticket', factor: '1', long: '3d', short: '6h', budgetPercent: 10 },
] as const;

export interface BurnRatePair {
  readonly severity: 'page' | 'ticket';
  /** Multiple of the rate that spends the whole budget in exactly one period. */
  readonly factor: string;
  readonly long: string;
  readonly short: string;
  /** Share of the period's budget that is spent when the pair fires. */
  readonly budgetPercent: number;
  /** Error ratio above which the pair fires: factor x error budget. */
  readonly threshold: string;
}

/** Periods in days that a definition may have. */
export const PERIOD_DAYS = [28, 30] as const;
export type PeriodDays = (typeof PERIOD_DAYS)[number];

export interface PairSelection {
  readonly pairs: readonly BurnRatePair[];
  /** Pairs whose threshold no error ratio can exceed, since it is 100 % or more. */
  readonly unreachable: readonly BurnRatePair[];
}

/** The pairs of a period and error budget, so that each spends the same share of the budget before it fires. */
export function pairsFor(periodDays: PeriodDays, errorBudget: string): PairSelection {
  const all = BURN_RATE_PAIRS.map((pair) => {
    const factor =
      periodDays === 30
        ? pair.factor
        : decimalOf(Number(((Number(pair.factor) * periodDays) / 30).toFixed(4)));
    return { ...pair, factor, threshold: multiply(factor, errorBudget) };
  });
  return {
    pairs: all.filter((pair) => compare(pair.threshold, '1') < 0),
    unreachable: all.filter((pair) => compare(pair.threshold, '1') >= 0),
  };
}

/** Windows read from the raw counters at every evaluation, so that a page is as quick as the data allows. */
export const RAW_WINDOWS = ['5m', '30m', '1h', '6h'] as const;
/** Windows averaged from recorded rates: a raw range of days at every evaluation is what makes rules slow. */
export const AVERAGED_WINDOWS = ['2h', '1d', '3d'] as const;
