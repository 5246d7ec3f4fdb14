import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { pageFactor } from '../burn-rate-pairs.ts';
import { complete, newDashboard } from '../dashboard.ts';
import { DASHBOARD_UIDS, dashboardUrl, linkTo, ofLabel, sloDetailUrl } from '../links.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { rangeQuery } from '../panels/prometheus-query.ts';
import { stat, UNKNOWN } from '../panels/stat.ts';
import { timeSeries } from '../panels/time-series.ts';
import { activeAnomalies, targetsDown } from '../queries/platform.ts';
import * as slo from '../queries/slo.ts';
import {
  BUDGET_LEVELS,
  burnFigureLevels,
  burnLevels,
  PAGE_COUNT_LEVELS,
  STATE_LEVELS,
  STATE_TEXTS,
  STATES_EXPLAINED,
  TICKET_COUNT_LEVELS,
} from '../slo-levels.ts';
import { burnByWindow, firingAlerts, NO_SLOS, objectives } from '../slo-tables.ts';
import { storefrontFailures, storefrontLatency, storefrontRate } from '../storefront-panels.ts';

const ALL = slo.ALL_SLOS;

/** Are we fine, and if not, where: from one figure for everything to the storefront's own signals. */
export function dashboard(): Dashboard {
  return complete(
    newDashboard({
      uid: DASHBOARD_UIDS.sloOverview,
      title: 'SLO overview',
      description:
        'Are we fine, and if not, where? Every service level objective with its budget, burn and alerts.',
    }).link(
      linkTo(DASHBOARD_UIDS.services, 'Services', 'Every service that sends spans, in this time range'),
    ),
    [
      {
        rows: [
          {
            height: 4,
            panels: [
              [4, overall()],
              [3, firing('Pages', 'page', 'Someone has been woken', PAGE_COUNT_LEVELS)],
              [3, firing('Tickets', 'ticket', 'Work for office hours', TICKET_COUNT_LEVELS)],
              [3, anomalies()],
              [3, down()],
              [4, leastBudget()],
              [4, fastestBurn()],
            ],
          },
          { height: 7, panels: [[24, objectives()]] },
          {
            height: 7,
            panels: [
              [11, burnByWindow()],
              [13, firingAlerts()],
            ],
          },
        ],
      },
      {
        heading: 'Budgets over time',
        rows: [
          {
            height: 8,
            panels: [
              [12, burnOverTime()],
              [12, budgetOverTime()],
            ],
          },
        ],
      },
      {
        heading: 'Storefront',
        rows: [
          {
            height: 8,
            panels: [
              [8, storefrontRate()],
              [8, storefrontFailures()],
              [8, storefrontLatency()],
            ],
          },
        ],
      },
    ],
  );
}

const DETAIL = [{ title: 'Details of this SLO', url: sloDetailUrl(ofLabel('slo'), ofLabel('service')) }];

const overall = () =>
  stat({
    title: 'Are we fine?',
    description: `The state of the worst SLO. ${STATES_EXPLAINED}`,
    unit: 'none',
    expression: slo.worstState,
    levels: STATE_LEVELS,
    mappings: [STATE_TEXTS],
    links: DETAIL,
    noValue: NO_SLOS,
    filled: true,
  });

const firing = (title: string, severity: string, meaning: string, chosen: ReturnType<typeof levels>) =>
  stat({
    title,
    description: `Alerts of severity "${severity}" that fire now. ${meaning}.`,
    unit: 'none',
    expression: slo.firingOf(severity),
    links: [{ title: 'Firing alerts', url: '/alerting/groups?alertmanager=Alertmanager' }],
    levels: chosen,
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: UNKNOWN,
  });

const anomalies = () =>
  stat({
    title: 'Anomalies',
    description:
      'Watched series that are outside of what the anomaly detector expects now. They never page by themselves.',
    unit: 'none',
    expression: activeAnomalies,
    links: [{ title: 'Anomalies', url: dashboardUrl(DASHBOARD_UIDS.anomalies) }],
    levels: levels(COLORS.good, [1, COLORS.watch]),
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: UNKNOWN,
  });

const down = () =>
  stat({
    title: 'Down',
    description:
      'Processes that Prometheus cannot reach: what they would tell is missing from every other panel.',
    unit: 'none',
    expression: targetsDown,
    links: [{ title: 'Platform', url: dashboardUrl(DASHBOARD_UIDS.platform) }],
    levels: levels(COLORS.good, [1, COLORS.bad]),
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: UNKNOWN,
  });

const leastBudget = () =>
  stat({
    title: 'Least budget left',
    description:
      'The SLO with the smallest share of its error budget left. Below zero the objective is missed.',
    unit: 'percentunit',
    decimals: 1,
    expression: `bottomk(1, ${slo.budgetRemaining(ALL)})`,
    legend: '{{slo}}',
    links: DETAIL,
    levels: BUDGET_LEVELS,
    noValue: NO_SLOS,
  });

const fastestBurn = () =>
  stat({
    title: 'Fastest burn, 1 h',
    description:
      'The SLO that burned its budget fastest in the last hour, as a multiple of the rate that spends it exactly over the period.',
    unit: 'suffix:x',
    decimals: 1,
    expression: `topk(1, ${slo.burnRate(ALL, '1h')})`,
    legend: '{{slo}}',
    links: DETAIL,
    levels: burnFigureLevels('1h'),
    noValue: NO_SLOS,
  });

const burnOverTime = () =>
  timeSeries({
    title: 'Burn rate over 1 h',
    description: `How fast each SLO spends its budget. From ${pageFactor('1h') ?? 'no factor'} on, the dashed line, the hour meets its half of a page's condition.`,
    unit: 'suffix:x',
    levels: burnLevels('1h'),
    min: 0,
    softMax: 2,
    links: DETAIL,
    queries: [rangeQuery('A', '{{slo}}', slo.burnRate(ALL, '1h'))],
  });

const budgetOverTime = () =>
  timeSeries({
    title: 'Error budget left',
    description:
      "Share of each SLO's error budget that is left in its rolling period. Below zero the objective is missed.",
    unit: 'percentunit',
    levels: NO_LEVELS,
    max: 1,
    links: DETAIL,
    queries: [rangeQuery('A', '{{slo}}', slo.budgetRemaining(ALL))],
  });
