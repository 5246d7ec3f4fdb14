import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { cell, routeLinks, variable } from '../links.ts';
import { COLORS, levels, onCalm } from '../panels/levels.ts';
import { textColors } from '../panels/mappings.ts';
import { table } from '../panels/table.ts';
import * as queries from '../queries/logs.ts';
import { LINE_BY_LINE } from './line-by-line.ts';

const SERVICE = queries.ofRoutes(queries.ofService('$service'), '$route');
const OUTCOMES = textColors({
  ok: COLORS.calm,
  client_error: COLORS.calm,
  aborted: COLORS.act,
  server_error: COLORS.bad,
});
const BY = 'method, route, status, outcome';
const LATENCY_LEVELS = onCalm(
  levels(COLORS.plain, [STOREFRONT_LATENCY_OBJECTIVE_SECONDS * 1000, COLORS.bad]),
);

export const requests = () =>
  table({
    title: 'Requests of $service',
    description:
      'Requests of the last hour by route and status, the failed ones first, with their durations, from the one wide event that each writes.',
    language: 'logql',
    sortBy: { title: 'Status', descending: true },
    thenBy: { title: 'Requests', descending: true },
    noValue: 'No requests in this time range',
    columns: [
      { title: 'Method', label: 'method', width: 80 },
      { title: 'Route', label: 'route', links: routeLinks(variable('service'), cell('Route')) },
      { title: 'Status', label: 'status', width: 90 },
      { title: 'Outcome', label: 'outcome', width: 110, mappings: [OUTCOMES], cell: 'color' },
      {
        title: 'Requests',
        expression: queries.lineCount(queries.requestsOf(SERVICE), BY),
        unit: 'none',
        decimals: 0,
        width: 115,
      },
      ...([0.5, 0.95] as const).map((share) => ({
        title: `${share * 100} % within`,
        expression: queries.eventDuration(SERVICE, share, BY, '$__range'),
        unit: 'ms',
        decimals: 0,
        width: 100,
        levels: LATENCY_LEVELS,
        cell: 'color' as const,
      })),
    ],
  }).timeFrom(LINE_BY_LINE);
