import type { BurnRateWindows } from '../model/burn-rate-windows.ts';
import { pairsFor } from '../model/burn-rate-windows.ts';
import { decimalOf, subtract } from '../model/decimal.ts';
import type { Slo } from '../model/slo.ts';
import { type AlertEpisode, alertEpisodes } from './alert-episodes.ts';
import { type EventRates, EventWindows, RATE_SAMPLES, STEP_SECONDS } from './event-rates.ts';

const HOUR_SAMPLES = 60;
const NOISIEST_HOURS = 5;
const WEEK_SECONDS = 604_800;

/** What an SLO's alerts would have done at one objective. */
export interface TargetOutcome {
  /** Exact decimal text in (0, 1). */
  readonly objective: string;
  readonly pages: readonly AlertEpisode[];
  readonly tickets: readonly AlertEpisode[];
  readonly pagesAWeek: number;
  /** Bad events by what the objective allows of as many events; above 1 it is missed. */
  readonly budgetSpent: number;
}

/** An hour that spent much of the budget. */
interface NoisyHour {
  readonly startSeconds: number;
  readonly bad: number;
  readonly total: number;
  /** Share of all bad events. */
  readonly share: number;
}

export interface Backtest {
  readonly slo: string;
  readonly service: string;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  readonly badEvents: number;
  readonly totalEvents: number;
  /** Share of the minutes that have telemetry, 0..1. */
  readonly coverage: number;
  /** The definition's own objective first. */
  readonly targets: readonly TargetOutcome[];
  readonly noisiestHours: readonly NoisyHour[];
}

/**
 * What burn-rate alerts would have done over recorded events, for the definition's objective and for others beside it, so
 * that an objective is chosen by its consequences.
 * @param rates from the longest window before `fromSeconds` on
 */
export function backtest(options: {
  readonly slo: Slo;
  readonly rates: EventRates;
  readonly fromSeconds: number;
  /** Objectives beside the definition's own, as decimal text. */
  readonly objectives: readonly string[];
  readonly windows?: BurnRateWindows | undefined;
}): Backtest {
  const { slo, rates, fromSeconds } = options;
  const windows = new EventWindows(rates);
  const last = windows.length - 1;
  const untilSeconds = rates.startSeconds + last * STEP_SECONDS;
  const samples = Math.floor((untilSeconds - fromSeconds) / STEP_SECONDS / RATE_SAMPLES) * RATE_SAMPLES;
  const { bad, total, coverage } = windows.over(last, samples);
  const objectives = [
    ...new Set([slo.objective, ...options.objectives.map((each) => decimalOf(Number(each)))]),
  ];
  return {
    slo: slo.name,
    service: slo.service,
    fromSeconds,
    untilSeconds,
    badEvents: bad,
    totalEvents: total,
    coverage,
    targets: objectives.map((objective): TargetOutcome => {
      const errorBudget = subtract('1', objective);
      const episodes = alertEpisodes({
        rates,
        fromSeconds,
        pairs: pairsFor(slo.periodDays, errorBudget, options.windows).pairs,
        errorBudget: Number(errorBudget),
        minimumBadEvents: slo.options.minimumBadEvents,
      });
      const pages = episodes.filter(({ severity }) => severity === 'page');
      return {
        objective,
        pages,
        tickets: episodes.filter(({ severity }) => severity === 'ticket'),
        pagesAWeek: (pages.length * WEEK_SECONDS) / (untilSeconds - fromSeconds),
        budgetSpent: total > 0 ? bad / total / Number(errorBudget) : Number.NaN,
      };
    }),
    noisiestHours: noisiestHours(windows, rates.startSeconds, fromSeconds, bad),
  };
}

function noisiestHours(
  windows: EventWindows,
  startSeconds: number,
  fromSeconds: number,
  allBad: number,
): NoisyHour[] {
  const hours: NoisyHour[] = [];
  const first = Math.ceil(Math.max(fromSeconds, startSeconds) / 3600) * 3600;
  for (
    let end = Math.round((first - startSeconds) / STEP_SECONDS) + HOUR_SAMPLES;
    end < windows.length;
    end += HOUR_SAMPLES
  ) {
    const { bad, total } = windows.over(end, HOUR_SAMPLES);
    if (bad > 0)
      hours.push({
        startSeconds: startSeconds + (end - HOUR_SAMPLES) * STEP_SECONDS,
        bad,
        total,
        share: bad / allBad,
      });
  }
  return hours.toSorted((a, b) => b.bad - a.bad).slice(0, NOISIEST_HOURS);
}
