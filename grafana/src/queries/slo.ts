import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { errorRatio, SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { BURN_RATE_PAIRS, pageFactor } from '../burn-rate-pairs.ts';
import { DASHBOARD_UIDS } from '../links.ts';

/** Which SLOs a query is about: label matchers, without braces; empty for all. */
export type SloScope = string;
export const ALL_SLOS: SloScope = '';
/** The one SLO of a dashboard with the variables `slo` and `service`. */
export const CHOSEN_SLO: SloScope = 'slo="$slo",service="$service"';

/** One sample for each SLO, without the metric's name, so that frames of several queries merge into one table. */
const perSlo = (expression: string) => `max by (service, slo) (${expression})`;
/** The least of an SLO's groups, where {@link perSlo} takes the most: what is worst. */
const leastPerSlo = (expression: string) => `min by (service, slo) (${expression})`;
const series = (name: string, scope: SloScope) => `${name}{${scope}}`;
const firing = (matchers: string, scope: SloScope) =>
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
/** Share of good events over the SLO's whole period, as far as it has data. */
export const attainedOverPeriod = (scope: SloScope) =>
  `1 - ${perSlo(series(SERIES.periodBurnRate, scope))} * ${budget(scope)}`;
/** 1 spends exactly the budget over the period. */
export const burnRate = (scope: SloScope, window: string) =>
  `${perSlo(series(errorRatio(window), scope))} / ${budget(scope)}`;
export const budgetRemaining = (scope: SloScope) => leastPerSlo(series(SERIES.budgetRemaining, scope));
export const periodData = (scope: SloScope) => perSlo(series(SERIES.periodData, scope));
/** Bad events a second, over 5 minutes. */
export const badRate = (scope: SloScope) => perSlo(series(SERIES.badRate5m, scope));

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
      `${STATE.burning} + 0 * (${series(SERIES.currentBurnRate, scope)} > ${pageFactor('5m') ?? '+Inf'})`,
      // It is over, and windows that look further back still show it.
      ...BURN_RATE_PAIRS.filter(({ severity }) => severity === 'page').map(
        ({ long, factor }) =>
          `${STATE.recovering} + 0 * (${series(errorRatio(long), scope)} / on (service, slo) group_left () ${series(SERIES.errorBudget, scope)} > ${factor})`,
      ),
      `${STATE.budgetLow} * (${series(SERIES.budgetRemaining, scope)} <= bool ${LOW_BUDGET})`,
      `${STATE.onTrack} * ${series(SERIES.objective, scope)}`,
    ].join(' or '),
  )} and ${objective(scope)})`;

/** {@link STATE} of an SLO that is worst off, with its labels. */
export const worstState = `topk(1, ${state(ALL_SLOS)})`;

/** Values of {@link firingRank}. */
export const RANK = { page: 3, ticket: 2, info: 1 } as const;

/** What tells alerts apart: one that several windows of an SLO fire is one. */
const ALERT = 'severity, alertname, service, slo';

/** Number of firing alerts of a severity: 0 when there is none, whether or not rules exist. */
export const firingOf = (severity: string, scope: SloScope = ALL_SLOS) =>
  `count(group by (${ALERT}) (${firing(`severity="${severity}"`, scope)})) or vector(0)`;
/** Adds a label `page`: the dashboard that tells more of an alert, which is the SLO's, or else the platform's. */
const withPage = (expression: string) =>
  `label_replace(label_replace(${expression}, "page", "${DASHBOARD_UIDS.sloDetail}", "", ""), "page", "${DASHBOARD_UIDS.platform}", "slo", "none|")`;

/** {@link RANK} of each firing alert's severity; the Watchdog, which always fires, is left out. */
export const firingRank = (scope: SloScope = ALL_SLOS) => {
  const ranked = Object.entries(RANK).map(
    ([severity, rank]) =>
      `${rank} * ${firing(`severity="${severity}",alertname!="${ALERTS.watchdog}"`, scope)}`,
  );
  return withPage(`max by (${ALERT}) (${ranked.join(' or ')})`);
};

/** `rank` while alerts of the severity fire and 0 while none does: has a sample at every step. */
export const rankOverTime = (severity: string, rank: number, scope: SloScope) =>
  `${rank} * (count(${firing(`severity="${severity}"`, scope)}) > bool 0) or vector(0)`;

/** When each firing alert became active, in milliseconds; the Watchdog, which always fires, is left out. */
export const firingSince = (scope: SloScope = ALL_SLOS) =>
  withPage(
    `(min by (${ALERT}) (ALERTS_FOR_STATE{alertname!="${ALERTS.watchdog}"${scope && `,${scope}`}}) * 1000 ` +
      `and on (${ALERT}) ${firing(`alertname!="${ALERTS.watchdog}"`, scope)})`,
  );
