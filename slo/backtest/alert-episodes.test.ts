import { describe, expect, it } from 'vitest';
import { pairsFor } from '../model/burn-rate-windows.ts';
import { type AlertEpisode, alertEpisodes } from './alert-episodes.ts';
import { EventWindows, STEP_SECONDS } from './event-rates.ts';

const DAY = 1440;
const START = 1_790_000_000;
const RATE = 10;

/** Rates of a service with ten events a second, whose share of bad ones in each minute is given; NaN for no telemetry. */
function ratesOf(minutes: number, shareAt: (minute: number) => number) {
  const share = Array.from({ length: minutes }, (_, minute) => shareAt(minute));
  const over = (of: (minute: number) => number) =>
    Float64Array.from({ length: minutes }, (_, end) => {
      const last = [0, 1, 2, 3, 4].map((ago) => of(end - ago)).filter((value) => value !== undefined);
      return Number.isNaN(share[end]) ? Number.NaN : last.reduce((sum, each) => sum + each, 0) / 5;
    });
  const clean = (minute: number) => share[minute] || 0;
  return {
    startSeconds: START,
    bad: over((minute) => RATE * clean(minute)),
    total: over((minute) => (Number.isNaN(share[minute]) ? 0 : RATE)),
  };
}

const episodes = (minutes: number, shareAt: (minute: number) => number, objective = '0.999') => {
  const errorBudget = String(Number((1 - Number(objective)).toFixed(6)));
  return alertEpisodes({
    rates: ratesOf(minutes, shareAt),
    fromSeconds: START,
    pairs: pairsFor(30, errorBudget).pairs,
    errorBudget: Number(errorBudget),
    minimumBadEvents: 3,
  });
};
const minuteOf = (seconds: number | undefined) => ((seconds ?? Number.NaN) - START) / STEP_SECONDS;
const pages = (all: readonly AlertEpisode[]) => all.filter(({ severity }) => severity === 'page');
const tickets = (all: readonly AlertEpisode[]) => all.filter(({ severity }) => severity === 'ticket');
const incident = (begin: number, length: number, share: number) => (minute: number) =>
  minute >= begin && minute < begin + length ? share : 0;

describe('alerts of the past', () => {
  it('sums windows exactly, to the minute', () => {
    const windows = new EventWindows(ratesOf(DAY, incident(600, 7, 1)));
    expect(windows.over(700, 360)).toEqual({ bad: 7 * 60 * RATE, total: 360 * 60 * RATE, coverage: 1 });
    expect(windows.over(602, 60).bad).toBeCloseTo(3 * 60 * RATE, 6);
  });

  it.each([
    // Share of errors, minutes until 2 % of the budget are gone at 14.4 x in an hour, as the arithmetic has it.
    [1, 1],
    [0.1, 9],
  ])(
    'pages at an error ratio of %s after %s minutes, and resolves once the short window is clean',
    (share, after) => {
      const [page, ...others] = pages(episodes(DAY, incident(600, 60, share)));
      expect(others).toEqual([]);
      expect(minuteOf(page!.startSeconds)).toBe(600 + after - 1);
      expect(page!.badEvents).toBeCloseTo(60 * 60 * RATE * share, -1);
      expect(minuteOf(page!.endSeconds)).toBeGreaterThan(660);
      expect(minuteOf(page!.endSeconds)).toBeLessThan(660 + 31);
    },
  );

  it('says nothing of what spends less than its share of the budget', () => {
    expect(episodes(5 * DAY, incident(4 * DAY, 1, 0.5))).toEqual([]);
    expect(episodes(5 * DAY, () => 0.0005)).toEqual([]);
  });

  it('tickets a slow burn that pages nobody', () => {
    const all = episodes(8 * DAY, incident(4 * DAY, 3 * DAY, 0.002));
    expect(pages(all)).toEqual([]);
    expect(tickets(all).length).toBe(1);
    expect((minuteOf(tickets(all)[0]!.startSeconds) - 4 * DAY) / 60).toBeCloseTo(36, 0);
  });

  it('holds a page while telemetry is missing', () => {
    const [page] = pages(
      episodes(DAY, (minute) => (minute < 600 ? 0 : minute < 610 ? 1 : minute < 700 ? Number.NaN : 0)),
    );
    expect(minuteOf(page!.endSeconds)).toBeGreaterThanOrEqual(700);
  });

  it('says of an episode that lasts that it is not over', () => {
    const [page] = pages(episodes(700, incident(600, 100, 1)));
    expect(page?.endSeconds).toBeUndefined();
    expect(page?.badEvents).toBeCloseTo(100 * 60 * RATE, -4);
    expect(page?.badEvents).toBeGreaterThan(90 * 60 * RATE);
  });

  it('asks for a minimum of bad events', () => {
    const rates = ratesOf(DAY, incident(600, 1, 1));
    const few = {
      ...rates,
      bad: rates.bad.map((rate) => rate / 500),
      total: rates.total.map((rate) => rate / 500),
    };
    expect(
      alertEpisodes({
        rates: few,
        fromSeconds: START,
        pairs: pairsFor(30, '0.001').pairs,
        errorBudget: 0.001,
        minimumBadEvents: 3,
      }),
    ).toEqual([]);
  });

  it('a laxer objective never fires longer than a stricter one', () => {
    const noisy = (minute: number) => (minute % 997 < 9 ? 0.08 : 0.0002);
    const minutes = ['0.99', '0.995', '0.999', '0.9995'].map((objective) =>
      pages(episodes(10 * DAY, noisy, objective))
        .map((page) => minuteOf(page.endSeconds) - minuteOf(page.startSeconds))
        .reduce((sum, each) => sum + each, 0),
    );
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
    expect(minutes.at(-1)).toBeGreaterThan(0);
  });
});
