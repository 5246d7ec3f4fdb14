import { errorRatio, SERIES } from '../slo-series.ts';

/** What a page is sent for, with the factors of a period of 30 days; the quickest first. Held against the compiled rules by a test. */
export const PAGE_CONDITIONS = [
  { short: '5m', long: '1h', factor: '14.4' },
  { short: '30m', long: '6h', factor: '6' },
] as const;
/** Of the shortest window. */
const BURNING_FACTOR = PAGE_CONDITIONS[0].factor;

/** Which SLOs a query is about: label matchers, without braces; empty for all. */
export type SloScope = string;
export const ALL_SLOS: SloScope = '';
/** One sample for each SLO, without the metric's name, so that frames of several queries merge into one table. */
export const perSlo = (expression: string) => `max by (service, slo) (${expression})`;
/** The least of an SLO's groups, where {@link perSlo} takes the most: what is worst. */
const leastPerSlo = (expression: string) => `min by (service, slo) (${expression})`;
export const series = (name: string, scope: SloScope) => `${name}{${scope}}`;
export const firing = (matchers: string, scope: SloScope) =>
  `ALERTS{alertstate="firing",${matchers}${scope && `,${scope}`}}`;

/** Values of {@link state}, from good to bad. */
export const STATE = { onTrack: 0, budgetLow: 1, recovering: 2, burning: 3, ticket: 4, page: 5 } as const;

/** Share of the error budget below which the error-budget policy asks for attention. */
const LOW_BUDGET = 0.5;

export const objective = (scope: SloScope) => perSlo(series(SERIES.objective, scope));
export const budget = (scope: SloScope) => perSlo(series(SERIES.errorBudget, scope));
/** Share of good events, 0..1. */
export const attained = (scope: SloScope, window: string) =>
  `1 - ${perSlo(series(errorRatio(window), scope))}`;
/** 1 spends exactly the budget over the period. */
export const burnRate = (scope: SloScope, window: string) =>
  `${perSlo(series(errorRatio(window), scope))} / ${budget(scope)}`;
export const budgetRemaining = (scope: SloScope) => leastPerSlo(series(SERIES.budgetRemaining, scope));
/** Seconds that stand for "never", since infinity does not survive every step on the way to the screen. */
export const NEVER_SECONDS = 1e9;
/**
 * Seconds until the budget is spent at the rate of the last 6 hours, at most {@link NEVER_SECONDS}. 0 while nothing is left,
 * also where a period that is not over yet may still end with some.
 */
export const timeToExhaustion = (scope: SloScope) =>
  `clamp_max(${leastPerSlo(series(SERIES.timeToExhaustion, scope))}, ${NEVER_SECONDS}) * (${budgetRemaining(scope)} > bool 0)`;

/** {@link STATE} of each SLO: the worst that holds. Has a sample wherever there is an objective. */
export const state = (scope: SloScope) =>
  `(${perSlo(
    [
      `${STATE.page} * ${firing('severity="page"', scope)}`,
      `${STATE.ticket} * ${firing('severity="ticket"', scope)}`,
      // The page's short window is over its factor: if this lasts, a page follows.
      `${STATE.burning} + 0 * (${series(SERIES.currentBurnRate, scope)} > ${BURNING_FACTOR})`,
      // It is over, and windows that look further back still show it.
      ...PAGE_CONDITIONS.map(
        ({ long, factor }) =>
          `${STATE.recovering} + 0 * (${series(errorRatio(long), scope)} / on (service, slo) group_left () ${series(SERIES.errorBudget, scope)} > ${factor})`,
      ),
      `${STATE.budgetLow} * (${series(SERIES.budgetRemaining, scope)} <= bool ${LOW_BUDGET})`,
      `${STATE.onTrack} * ${series(SERIES.objective, scope)}`,
    ].join(' or '),
  )} and ${objective(scope)})`;
