import { FAILURE_LEVELS } from '../application/levels.ts';
import { cell, DASHBOARD_UIDS, dashboardUrl, ofLabel } from '../links.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { rangeQuery } from '../panels/prometheus-query.ts';
import { failedColumn, withinColumns } from '../panels/request-columns.ts';
import { stat } from '../panels/stat.ts';
import { table } from '../panels/table.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as services from '../queries/services.ts';
import { STATE_TEXTS } from '../slo-levels.ts';

const NO_SERVICE = 'No service sends spans yet';
const { EVERY } = services;

const serviceLink = (service: string) => [
  { title: 'This service', url: dashboardUrl(DASHBOARD_UIDS.service, { service }) },
  { title: 'Its traces', url: dashboardUrl(DASHBOARD_UIDS.tracing, { service }) },
  { title: 'Its logs', url: dashboardUrl(DASHBOARD_UIDS.logs, { service }) },
];

export const count = () =>
  stat({
    title: 'Services',
    description: 'Services that answered requests or took messages in the last minutes.',
    unit: 'none',
    expression: services.count,
    levels: NO_LEVELS,
    noValue: NO_SERVICE,
  });

export const failing = () =>
  stat({
    title: 'Failing',
    description: 'Services that fail more than one request in a hundred now.',
    unit: 'none',
    expression: services.failing,
    levels: levels(COLORS.good, [1, COLORS.bad]),
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: NO_SERVICE,
  });

export const failedShare = () =>
  stat({
    title: 'Failed requests',
    description: 'Share of the requests of all services that failed.',
    unit: 'percentunit',
    decimals: 2,
    expression: services.failedShareOfAll,
    levels: FAILURE_LEVELS,
    noValue: NO_SERVICE,
  });

export const learning = () =>
  stat({
    title: 'New to the detector',
    description:
      'Services whose anomalies raise no alert yet: the detector learns for an hour what is usual for them.',
    unit: 'none',
    expression: services.learning,
    levels: NO_LEVELS,
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.plain } })],
    noValue: NO_SERVICE,
  });

export const all = () =>
  table({
    title: 'Services',
    description:
      'Every service that sends spans, as of now: requests, failures and durations before sampling, how busy its processes are where they tell, the state of its worst SLO, and its anomalies. A click leads to the service.',
    sortBy: { title: 'Failed', descending: true },
    thenBy: { title: 'Requests', descending: true },
    // What has an SLO and sends no spans has no page here.
    onlyWith: 'Requests',
    noValue: NO_SERVICE,
    columns: [
      { title: 'Service', label: 'service_name', width: 220, links: serviceLink(cell('Service')) },
      { title: 'Requests', expression: services.rate(EVERY), unit: 'reqps', decimals: 2 },
      failedColumn(services.failedShare(EVERY)),
      ...withinColumns((share) => services.answeredWithin(EVERY, share)),
      { title: 'Busy', expression: services.saturation(EVERY), unit: 'percentunit', decimals: 0 },
      {
        title: 'SLOs',
        expression: services.sloState(EVERY),
        unit: 'none',
        mappings: [STATE_TEXTS, valueTexts({ [services.NO_SLO]: { text: 'None', color: COLORS.calm } })],
        cell: 'color',
        width: 110,
      },
      {
        title: 'Anomalies',
        expression: services.anomalies(EVERY),
        unit: 'none',
        levels: levels(COLORS.calm, [1, COLORS.watch]),
        cell: 'color',
        width: 100,
      },
    ],
  });

const overTime = (
  title: string,
  description: string,
  unit: string,
  expression: string,
  more: { readonly failures?: boolean; readonly softMax?: number } = {},
) =>
  timeSeries({
    ...more,
    title,
    description,
    unit,
    levels: NO_LEVELS,
    min: 0,
    links: serviceLink(ofLabel('service_name')),
    queries: [rangeQuery('A', '{{service_name}}', expression)],
  });

export const rateOverTime = () =>
  overTime(
    'Requests',
    'Requests a second by service. A click leads to the service.',
    'reqps',
    services.rate(EVERY),
  );
export const failuresOverTime = () =>
  overTime(
    'Failed',
    'Share of its requests that each service failed.',
    'percentunit',
    services.failedShare(EVERY),
    { failures: true, softMax: 0.01 },
  );
export const durationOverTime = () =>
  overTime(
    'Time to answer, 95 %',
    '95 % of its requests were answered within this time, by service.',
    's',
    services.answeredOverTime,
  );
