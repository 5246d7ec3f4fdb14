import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import {
  ALL_SLOS,
  budget,
  firing,
  perSlo,
  type SloScope,
  series,
  state,
} from '@aiops-sre/conventions/queries/slo.ts';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { DASHBOARD_UIDS } from '../links.ts';

export {
  ALL_SLOS,
  attained,
  budget,
  budgetRemaining,
  burnRate,
  NEVER_SECONDS,
  objective,
  type SloScope,
  STATE,
  state,
  timeToExhaustion,
} from '@aiops-sre/conventions/queries/slo.ts';

/** The one SLO of a dashboard with the variables `slo` and `service`. */
export const CHOSEN_SLO: SloScope = 'slo="$slo",service="$service"';

/** Share of good events over the SLO's whole period, as far as it has data. */
export const attainedOverPeriod = (scope: SloScope) =>
  `1 - ${perSlo(series(SERIES.periodBurnRate, scope))} * ${budget(scope)}`;
export const periodData = (scope: SloScope) => perSlo(series(SERIES.periodData, scope));
/** Bad events a second, over 5 minutes. */
export const badRate = (scope: SloScope) => perSlo(series(SERIES.badRate5m, scope));

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
