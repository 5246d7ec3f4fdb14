import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { readYaml } from '@aiops-sre/service-kit/yaml/read-yaml.ts';

import { z } from 'zod';
import { compare, decimalOf, multiply } from './decimal.ts';
import { secondsOf } from './durations.ts';

/** Long and short window, and the share of the period's budget that is spent when the pair fires. */
export interface BurnRateWindows {
  /** Where they are from: an address or a name. */
  readonly source: string;
  readonly pairs: readonly WindowPair[];
}

export interface WindowPair {
  readonly severity: 'page' | 'ticket';
  readonly budgetPercent: number;
  readonly long: string;
  readonly short: string;
}

export interface BurnRatePair extends WindowPair {
  /** Multiple of the rate that spends the whole budget in exactly one period. */
  readonly factor: string;
  /** Error ratio above which the pair fires: factor x error budget. */
  readonly threshold: string;
}

export interface PairSelection {
  readonly pairs: readonly BurnRatePair[];
  /** Pairs whose threshold no error ratio can exceed, since it is 100 % or more. */
  readonly unreachable: readonly BurnRatePair[];
}

/** Pages are asked of the counters themselves at every evaluation: a raw range of days there is what makes rules slow. */
const LONGEST_PAGE_WINDOW = '1d';
/** Shorter, a window holds too few scrapes and evaluations. */
const SHORTEST_WINDOW = '5m';
/** The period whose factors the SRE Workbook gives. */
const USUAL_PERIOD_DAYS = 28;

const window = z
  .string()
  .refine(
    (text) => length(text) >= secondsOf(SHORTEST_WINDOW),
    `a duration of at least ${SHORTEST_WINDOW}, such as 1h or 3d`,
  );
/** 0 for what is no duration, of which {@link window} complains. */
const length = (text: string) => durationSeconds(text) ?? 0;
const windowsSchema = z.strictObject({
  source: z.string().min(1, 'where the windows are from, such as an address'),
  pairs: z
    .array(
      z
        .strictObject({
          severity: z.enum(['page', 'ticket']),
          budgetPercent: z.number().gt(0).lt(100),
          long: window,
          short: window,
        })
        .refine(({ long, short }) => length(short) < length(long), 'a short window shorter than the long one')
        .refine(
          ({ severity, long }) => severity === 'ticket' || length(long) <= secondsOf(LONGEST_PAGE_WINDOW),
          `for a page a long window of at most ${LONGEST_PAGE_WINDOW}`,
        ),
    )
    .min(1, 'at least one pair')
    .max(8, 'at most 8 pairs')
    .refine(
      (pairs) => new Set(pairs.map(({ severity, long }) => `${severity} ${long}`)).size === pairs.length,
      'one pair for each severity and long window',
    ),
});

/** @throws FileError that says what is wrong where */
export function readBurnRateWindows(file: string, text: string): BurnRateWindows {
  const windows = readYaml(file, text, windowsSchema);
  return { ...windows, pairs: windows.pairs.toSorted(quickestFirst) };
}

function quickestFirst(a: WindowPair, b: WindowPair): number {
  return a.severity === b.severity ? secondsOf(a.long) - secondsOf(b.long) : a.severity === 'page' ? -1 : 1;
}

const DEFAULT_FILE = join(import.meta.dirname, '..', 'burn-rate-windows.yaml');
export const DEFAULT_WINDOWS = readBurnRateWindows(DEFAULT_FILE, readFileSync(DEFAULT_FILE, 'utf8'));

/**
 * The pairs of a period and error budget, so that each spends the same share of the budget before it fires. Below a factor of
 * 1 a budget is not even spent: for periods of weeks the factor is 1, and a larger share is gone.
 */
export function pairsFor(
  periodDays: number,
  errorBudget: string,
  windows: BurnRateWindows = DEFAULT_WINDOWS,
): PairSelection {
  const all = windows.pairs
    .filter(({ long }) => secondsOf(long) < periodDays * 86_400)
    .map((pair) => {
      const longDays = secondsOf(pair.long) / 86_400;
      const proportional = (pair.budgetPercent / 100) * (periodDays / longDays);
      const raised = periodDays < USUAL_PERIOD_DAYS ? Math.max(1, proportional) : proportional;
      const factor = decimalOf(Number(raised.toFixed(4)));
      const budgetPercent = Number(((100 * raised * longDays) / periodDays).toFixed(1));
      return { ...pair, budgetPercent, factor, threshold: multiply(factor, errorBudget) };
    });
  return {
    pairs: all.filter((pair) => compare(pair.threshold, '1') < 0),
    unreachable: all.filter((pair) => compare(pair.threshold, '1') >= 0),
  };
}

/** Windows that forecasts and dashboards read whatever the pairs are. */
const ALWAYS_RAW = ['5m', '30m', '1h', '6h'];
const ALWAYS_AVERAGED = ['1d', '3d'];

/** Windows read from the raw counters at every evaluation, so that a page is as quick as the data allows. */
export function rawWindows(pairs: readonly WindowPair[]): string[] {
  return ascending([
    ...ALWAYS_RAW,
    ...pairs.filter(({ severity }) => severity === 'page').flatMap(({ long, short }) => [short, long]),
  ]);
}

/** Windows averaged from recorded rates. */
export function averagedWindows(pairs: readonly WindowPair[]): string[] {
  const raw = rawWindows(pairs);
  return ascending([
    ...ALWAYS_AVERAGED,
    ...pairs.filter(({ severity }) => severity === 'ticket').flatMap(({ long, short }) => [short, long]),
  ]).filter((each) => !raw.includes(each));
}

function ascending(windows: readonly string[]): string[] {
  return [...new Set(windows)].sort((a, b) => secondsOf(a) - secondsOf(b));
}
