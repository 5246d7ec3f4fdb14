import { type AlertEpisode, alertEpisodes } from '../backtest/alert-episodes.ts';
import { type EventRates, EventWindows, RATE_SAMPLES, STEP_SECONDS } from '../backtest/event-rates.ts';
import { pairsFor } from '../model/burn-rate-windows.ts';
import type { Slo } from '../model/slo.ts';
import { type CalendarMonth, dayStarts } from './calendar-month.ts';
import { type Correction, correctionsOf } from './corrections.ts';

/** What an SLO did within a stretch. */
export interface Achieved {
  readonly bad: number;
  readonly total: number;
  /** Share of good events; NaN without events. */
  readonly ratio: number;
  /** Bad events by what the objective allows of as many events; above 1 it is missed. */
  readonly budgetSpent: number;
  /** Share of the stretch that has telemetry, 0..1. */
  readonly coverage: number;
}

export interface SloMonth {
  readonly slo: Slo;
  /** As it was measured. */
  readonly measured: Achieved;
  /** Without what the corrections take out; the same as `measured` where there is none. */
  readonly corrected: Achieved;
  /** The month before, corrected likewise. */
  readonly before: Achieved;
  readonly corrections: readonly Correction[];
  /** Pages and tickets, what spent most first. */
  readonly episodes: readonly AlertEpisode[];
  /** Share of the month's budget that is left at the end of each day, corrected; those to come are left out. */
  readonly burnDown: readonly { readonly atSeconds: number; readonly left: number }[];
}

/** One SLO's month, from events that reach from before the month before to the end of the month or to now. */
export function sloMonth(options: {
  readonly slo: Slo;
  readonly rates: EventRates;
  readonly month: CalendarMonth;
  readonly previous: CalendarMonth;
  readonly corrections: readonly Correction[];
  readonly timeZone: string;
}): SloMonth {
  const { slo, rates, month, previous, timeZone } = options;
  const corrections = correctionsOf(options.corrections, slo, month);
  const kept = withoutCorrections(
    rates,
    correctionsOf(options.corrections, slo, { ...month, fromSeconds: previous.fromSeconds }),
  );
  const errorBudget = Number(slo.errorBudget);
  const windows = new EventWindows(kept);
  const corrected = achieved(windows, kept, month, errorBudget);
  const allowed = corrected.total * errorBudget;
  const lastSeconds = kept.startSeconds + (windows.length - 1) * STEP_SECONDS;
  const ends = dayStarts(month, timeZone).slice(1);
  return {
    slo,
    measured: achieved(new EventWindows(rates), rates, month, errorBudget),
    corrected,
    before: achieved(windows, kept, previous, errorBudget),
    corrections,
    episodes: alertEpisodes({
      rates: kept,
      fromSeconds: month.fromSeconds,
      pairs: pairsFor(slo.periodDays, slo.errorBudget).pairs,
      errorBudget,
      minimumBadEvents: slo.options.minimumBadEvents,
    })
      .filter(({ startSeconds }) => startSeconds < month.untilSeconds)
      .toSorted((a, b) => b.badEvents - a.badEvents),
    burnDown: ends
      .map((end) => Math.min(end, lastSeconds))
      .filter((end, index) => end > (ends[index - 1] ?? month.fromSeconds))
      .map((atSeconds) => ({
        atSeconds,
        left: 1 - achieved(windows, kept, { ...month, untilSeconds: atSeconds }, errorBudget).bad / allowed,
      })),
  };
}

function achieved(
  windows: EventWindows,
  { startSeconds }: EventRates,
  { fromSeconds, untilSeconds }: Pick<CalendarMonth, 'fromSeconds' | 'untilSeconds'>,
  errorBudget: number,
): Achieved {
  const end = Math.min(windows.length - 1, Math.round((untilSeconds - startSeconds) / STEP_SECONDS));
  const samples =
    Math.floor((end * STEP_SECONDS + startSeconds - fromSeconds) / STEP_SECONDS / RATE_SAMPLES) *
    RATE_SAMPLES;
  if (end < 0 || samples <= 0)
    return { bad: 0, total: 0, ratio: Number.NaN, budgetSpent: Number.NaN, coverage: 0 };
  const { bad, total, coverage } = windows.over(end, samples);
  return {
    bad,
    total,
    ratio: total > 0 ? 1 - bad / total : Number.NaN,
    budgetSpent: total > 0 ? bad / total / errorBudget : Number.NaN,
    coverage,
  };
}

/** The rates without events that corrections take out: neither good nor bad, as if there had been no traffic. */
function withoutCorrections(rates: EventRates, corrections: readonly Correction[]): EventRates {
  if (corrections.length === 0) return rates;
  const isOut = (index: number) => {
    const seconds = rates.startSeconds + index * STEP_SECONDS;
    // A sample holds the five minutes before it.
    return corrections.some(
      ({ fromSeconds, untilSeconds }) =>
        seconds > fromSeconds && seconds - RATE_SAMPLES * STEP_SECONDS < untilSeconds,
    );
  };
  const without = (values: Float64Array) =>
    values.map((value, index) => (isOut(index) && !Number.isNaN(value) ? 0 : value));
  return { ...rates, bad: without(rates.bad), total: without(rates.total) };
}
