import { FAILURE_LEVELS } from '../application/levels.ts';
import { onCalm } from '../panels/levels.ts';
import { serviceMap } from '../panels/service-map.ts';
import { table } from '../panels/table.ts';
import * as queries from '../queries/tracing.ts';

const NO_CALLS = 'No calls between services in this time range';

export const map = () =>
  serviceMap({
    title: 'Service map',
    description:
      'Services and the calls between them in the time range, with mean duration and calls a second. The ring tells the share that failed; "user" is whoever calls from outside.',
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
      { title: 'To', label: 'server' },
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
