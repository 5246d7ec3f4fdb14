import { FAILURE_LEVELS } from '../application/levels.ts';
import { cell, DASHBOARD_UIDS, dashboardUrl } from '../links.ts';
import { onCalm } from '../panels/levels.ts';
import { serviceMap } from '../panels/service-map.ts';
import { table } from '../panels/table.ts';
import * as queries from '../queries/tracing.ts';

const NO_CALLS = 'No calls between services in this time range';

const tracesOf = (field: string) => [
  {
    title: 'Traces of this service',
    url: dashboardUrl(DASHBOARD_UIDS.tracing, { service: cell(field) }),
  },
];

export const map = () =>
  serviceMap({
    title: 'Service map',
    description:
      'Services and the calls between them as of now, with mean duration and calls a second. Red is the share of the ring that failed; of "user", who calls from outside, the share of its calls. A click leads to the traces.',
    ...queries.serviceMapFields,
    nodeLinks: tracesOf('service'),
    edgeLinks: tracesOf('target'),
    noValue: NO_CALLS,
  });

export const calls = () =>
  table({
    title: 'Calls between services',
    description:
      'Calls from one service to another as of now. The client waits longer than the server works: the rest is network and queues. "user" is whoever calls from outside.',
    sortBy: { title: 'Calls', descending: true },
    noValue: NO_CALLS,
    columns: [
      { title: 'From', label: 'client' },
      { title: 'To', label: 'server', links: tracesOf('To') },
      { title: 'Calls', expression: queries.edgeRate, unit: 'reqps', decimals: 2 },
      {
        title: 'Failed',
        expression: queries.edgeFailureRatio,
        unit: 'percentunit',
        decimals: 2,
        levels: onCalm(FAILURE_LEVELS),
        cell: 'color',
      },
      { title: 'Client, 95 %', expression: queries.edgeLatency('client'), unit: 's' },
      { title: 'Server, 95 %', expression: queries.edgeLatency('server'), unit: 's' },
    ],
  });
