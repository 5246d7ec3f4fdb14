import { FAILURE_LEVELS } from './application/levels.ts';
import { cell, routeLinks, variable } from './links.ts';
import { onCalm } from './panels/levels.ts';
import { table } from './panels/table.ts';
import * as http from './queries/http.ts';

const REQUESTS: http.HttpScope = { service: '$service' };

/** Of the service that the variable `service` names: the way from what is wrong with it to where. */
export const failingRoutes = () =>
  table({
    title: 'Failing routes',
    description:
      'Routes of which requests were answered with a 5xx status in the time range, most failures first. A route leads to its requests, traces and logs.',
    sortBy: { title: 'Failed', descending: true },
    none: { label: 'route', text: 'None' },
    columns: [
      {
        title: 'Route',
        label: 'route',
        links: routeLinks(variable('service'), cell('Route')),
      },
      {
        title: 'Failed',
        expression: http.failedCount(REQUESTS),
        unit: 'none',
        decimals: 0,
        width: 90,
      },
      {
        title: 'Share',
        expression: `${http.failedShare(REQUESTS)} and ${http.failedCount(REQUESTS)}`,
        unit: 'percentunit',
        decimals: 1,
        levels: onCalm(FAILURE_LEVELS),
        cell: 'color',
        width: 90,
      },
    ],
  });
