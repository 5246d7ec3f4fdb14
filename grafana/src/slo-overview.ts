import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { complete, newDashboard } from './dashboard.ts';
import { DASHBOARD_UIDS, sloDetailUrl } from './links.ts';
import { COLORS, levels, NO_LEVELS } from './panels/levels.ts';
import { valueTexts } from './panels/mappings.ts';
import { rangeQuery } from './panels/prometheus-query.ts';
import { stat } from './panels/stat.ts';
import { table } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import { activeAnomalies, targetsDown } from './queries/platform.ts';
import * as slo from './queries/slo.ts';
import {
  BUDGET_LEVELS,
  BURN_WINDOWS,
  burnLevels,
  EXHAUSTION_LEVELS,
  EXHAUSTION_TEXTS,
  PAGE_COUNT_LEVELS,
  SEVERITY_TEXTS,
  STATE_LEVELS,
  STATE_TEXTS,
  TICKET_COUNT_LEVELS,
} from './slo-levels.ts';
import { storefrontFailures, storefrontLatency, storefrontRate } from './storefront-panels.ts';

const ALL = slo.ALL_SLOS;
const NO_SLOS = 'No SLO is recorded yet';
const detailLink = {
  title: 'Details of this SLO',
  url: sloDetailUrl({ slo: 'SLO', service: 'Service' }),
};

/** Are we fine, and if not, where: from one figure for everything to the storefront's own signals. */
export function sloOverview(): Dashboard {
  return complete(
    newDashboard({
      uid: DASHBOARD_UIDS.sloOverview,
      title: 'SLO overview',
      description:
        'Are we fine, and if not, where? Every service level objective with its budget, burn and alerts.',
    }),
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
              [12, burnByWindow()],
              [12, alerts()],
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

const overall = () =>
  stat({
    title: 'Are we fine?',
    description:
      'The state of the worst SLO: all is on track, at most half of an error budget is left, or a ticket or a page fires.',
    unit: 'none',
    expression: slo.worstState,
    levels: STATE_LEVELS,
    mappings: [STATE_TEXTS],
    noValue: NO_SLOS,
    filled: true,
  });

const firing = (title: string, severity: string, meaning: string, chosen: ReturnType<typeof levels>) =>
  stat({
    title,
    description: `Alerts of severity "${severity}" that fire now. ${meaning}.`,
    unit: 'none',
    expression: slo.firingOf(severity),
    levels: chosen,
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: 'None',
  });

const anomalies = () =>
  stat({
    title: 'Anomalies',
    description:
      'Watched series that are outside of what the anomaly detector expects now. They never page by themselves.',
    unit: 'none',
    expression: activeAnomalies,
    levels: levels(COLORS.good, [1, COLORS.watch]),
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: 'None',
  });

const down = () =>
  stat({
    title: 'Down',
    description:
      'Processes that Prometheus cannot reach: what they would tell is missing from every other panel.',
    unit: 'none',
    expression: targetsDown,
    levels: levels(COLORS.good, [1, COLORS.bad]),
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: 'None',
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
    levels: burnLevels('1h'),
    noValue: 'No traffic',
  });

const objectives = () =>
  table({
    title: 'Service level objectives',
    description:
      'One row an SLO, the worst first. Burn 1x spends exactly the whole budget over the period. "Exhausted in" goes by the burn of the last 6 hours. "Data" is the share of the period that has any.',
    sortBy: { title: 'State', descending: true },
    noValue: NO_SLOS,
    columns: [
      {
        title: 'State',
        expression: slo.state(ALL),
        unit: 'none',
        mappings: [STATE_TEXTS],
        cell: 'color',
        width: 110,
      },
      { title: 'Service', label: 'service', width: 120 },
      { title: 'SLO', label: 'slo', link: detailLink, width: 190 },
      { title: 'Objective', expression: slo.objective(ALL), unit: 'percentunit' },
      { title: 'Last 5 min', expression: slo.attained(ALL, '5m'), unit: 'percentunit', decimals: 2 },
      { title: 'Period so far', expression: slo.attainedOverPeriod(ALL), unit: 'percentunit', decimals: 3 },
      {
        title: 'Budget left',
        expression: slo.budgetRemaining(ALL),
        unit: 'percentunit',
        decimals: 1,
        levels: BUDGET_LEVELS,
        cell: 'gauge',
        min: 0,
        max: 1,
        width: 220,
      },
      {
        title: 'Burn, 1 h',
        expression: slo.burnRate(ALL, '1h'),
        unit: 'suffix:x',
        decimals: 2,
        levels: burnLevels('1h', COLORS.calm),
        cell: 'color',
      },
      {
        title: 'Exhausted in',
        expression: slo.timeToExhaustion(ALL),
        unit: 'dtdurations',
        decimals: 1,
        levels: EXHAUSTION_LEVELS,
        width: 150,
        mappings: EXHAUSTION_TEXTS,
      },
      { title: 'Data', expression: slo.periodData(ALL), unit: 'percentunit', decimals: 0 },
    ],
  });

const burnByWindow = () =>
  table({
    title: 'Burn rate by window',
    description:
      "Coloured from the factor on at which a window meets its half of an alert's condition: 14.4 over 5 min and 1 h, 6 over 30 min and 6 h page; 3 over 2 h and 1 d, 1 over 6 h and 3 d make a ticket.",
    sortBy: { title: '1h', descending: true },
    hiddenLabels: ['service'],
    noValue: NO_SLOS,
    columns: [
      { title: 'SLO', label: 'slo', width: 190 },
      ...BURN_WINDOWS.map((window) => ({
        title: window,
        expression: slo.burnRate(ALL, window),
        unit: 'suffix:x',
        decimals: 1,
        levels: burnLevels(window, COLORS.calm),
        cell: 'color' as const,
      })),
    ],
  });

const alerts = () =>
  table({
    title: 'Firing alerts',
    description:
      'Alerts that Prometheus fires now, without the Watchdog, which always does. Silences and inhibitions are in Alertmanager.',
    sortBy: { title: 'Severity', descending: true },
    hiddenLabels: ['severity'],
    noValue: 'No alert is firing',
    columns: [
      {
        title: 'Severity',
        expression: slo.firingRank(),
        unit: 'none',
        mappings: [SEVERITY_TEXTS],
        cell: 'color',
        width: 90,
      },
      { title: 'Alert', label: 'alertname' },
      { title: 'Service', label: 'service', width: 100 },
      { title: 'SLO', label: 'slo', link: detailLink },
      {
        title: 'Since',
        expression: slo.firingSince(),
        unit: 'dateTimeFromNow',
        width: 130,
      },
    ],
  });

const burnOverTime = () =>
  timeSeries({
    title: 'Burn rate over 1 h',
    description:
      "How fast each SLO spends its budget. Above the dashed line (14.4) the hour meets its half of the page's condition.",
    unit: 'suffix:x',
    levels: burnLevels('1h'),
    min: 0,
    softMax: 2,
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
    queries: [rangeQuery('A', '{{slo}}', slo.budgetRemaining(ALL))],
  });
