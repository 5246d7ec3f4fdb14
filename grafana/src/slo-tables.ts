import { BURN_WINDOWS, conditionsOf, LATE_WINDOWS } from './burn-rate-pairs.ts';
import { cell, sloDetailUrl } from './links.ts';
import { COLORS } from './panels/levels.ts';
import { table } from './panels/table.ts';
import * as slo from './queries/slo.ts';
import {
  BUDGET_LEVELS,
  burnLevels,
  EXHAUSTION_LEVELS,
  EXHAUSTION_TEXTS,
  SEVERITY_TEXTS,
  STATE_TEXTS,
} from './slo-levels.ts';

const ALL = slo.ALL_SLOS;
/** In place of panels about SLOs before the first rules were evaluated, or where Prometheus does not answer. */
export const NO_SLOS = 'No SLO is known';
const detailLink = {
  title: 'Details of this SLO',
  url: sloDetailUrl(cell('SLO'), cell('Service')),
};

/** What led to an alert is as much news as the alert. */
const LEAD_MILLISECONDS = 1_800_000;
const atItsTime = {
  title: 'What it is about, from half an hour before it on',
  url: `/d/${cell('Page')}?var-slo=${cell('SLO')}&var-service=${cell('Service')}&from=${cell('From')}&to=now`,
};

export const objectives = () =>
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
      { title: 'SLO', label: 'slo', links: [detailLink], width: 190 },
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

export const burnByWindow = () =>
  table({
    title: 'Burn rate by window',
    description: `Coloured from the factor on at which a window meets its half of an alert's condition: ${conditionsOf('page')} page; ${conditionsOf('ticket')} make a ticket. *: averaged from minutes, up to three minutes behind the others.`,
    sortBy: { title: '1h', descending: true },
    hiddenLabels: ['service'],
    noValue: NO_SLOS,
    columns: [
      { title: 'SLO', label: 'slo', width: 190 },
      ...BURN_WINDOWS.map((window) => ({
        title: LATE_WINDOWS.includes(window) ? `${window}*` : window,
        expression: slo.burnRate(ALL, window),
        unit: 'suffix:x',
        decimals: 1,
        levels: burnLevels(window, COLORS.calm),
        cell: 'color' as const,
      })),
    ],
  });

export const firingAlerts = () =>
  table({
    title: 'Firing alerts',
    description:
      'Alerts that Prometheus fires now, without the Watchdog, which always does. Silences and inhibitions are in Alertmanager.',
    sortBy: { title: 'Severity', descending: true },
    hiddenLabels: ['severity'],
    none: { label: 'service', text: 'None fires' },
    columns: [
      {
        title: 'Severity',
        expression: slo.firingRank(),
        unit: 'none',
        mappings: [SEVERITY_TEXTS],
        cell: 'color',
        width: 115,
      },
      { title: 'Alert', label: 'alertname', links: [atItsTime] },
      { title: 'Service', label: 'service', width: 100 },
      { title: 'SLO', label: 'slo', width: 175 },
      { title: 'Page', label: 'page', hidden: true },
      {
        title: 'From',
        expression: `${slo.firingSince()} - ${LEAD_MILLISECONDS}`,
        unit: 'none',
        decimals: 0,
        hidden: true,
      },
      {
        title: 'Since',
        expression: slo.firingSince(),
        unit: 'dateTimeFromNow',
        width: 120,
      },
    ],
  });
