import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { COLORS, type Color, levels, NO_LEVELS } from '../panels/levels.ts';
import { logRangeQuery } from '../panels/loki-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/logs.ts';

/** A few requests a second: over less, each point would be one of them. */
const MIN_INTERVAL = '30s';

/** What is wrong looks the same in every chart. */
const colored = (colors: Readonly<Record<string, Color>>) =>
  Object.fromEntries(Object.entries(colors).map(([name, color]) => [name, { color }]));

const SERVICE = queries.ofService('$service');
const LATENCY_LEVELS = levels(COLORS.plain, [STOREFRONT_LATENCY_OBJECTIVE_SECONDS * 1000, COLORS.bad]);

export const byService = () =>
  timeSeries({
    title: 'Lines by service',
    description: 'Lines each second, of every service.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    minInterval: MIN_INTERVAL,
    sparse: true,
    queries: [
      logRangeQuery('A', '{{service_name}}', queries.lineRate(queries.EVERY_SERVICE, 'service_name')),
    ],
  });

export const failuresByService = () =>
  timeSeries({
    title: 'Failures by service',
    failures: true,
    description:
      'Lines of severity error and above each second, of every service. No line here is good news.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.1,
    noValue: 'Nothing failed in this time range',
    minInterval: MIN_INTERVAL,
    sparse: true,
    queries: [
      logRangeQuery(
        'A',
        '{{service_name}}',
        queries.lineRate(queries.failuresOf(queries.EVERY_SERVICE), 'service_name'),
      ),
    ],
  });

export const bySeverity = () =>
  timeSeries({
    title: 'Lines of $service by severity',
    description: 'Lines each second, by severity.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    minInterval: MIN_INTERVAL,
    sparse: true,
    queries: [logRangeQuery('A', '{{detected_level}}', queries.lineRate(SERVICE, 'detected_level'))],
    lines: colored({
      fatal: COLORS.bad,
      critical: COLORS.bad,
      error: COLORS.bad,
      warn: COLORS.watch,
      info: COLORS.good,
      debug: COLORS.info,
    }),
  });

export const byOutcome = () =>
  timeSeries({
    title: 'Requests of $service by outcome',
    description: 'Requests each second by how they ended, from the one event that each writes.',
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    minInterval: MIN_INTERVAL,
    sparse: true,
    queries: [logRangeQuery('A', '{{outcome}}', queries.lineRate(queries.requestsOf(SERVICE), 'outcome'))],
    lines: colored({
      ok: COLORS.good,
      client_error: COLORS.watch,
      aborted: COLORS.act,
      server_error: COLORS.bad,
    }),
  });

export const durations = () =>
  timeSeries({
    title: 'Durations of $service, 95 %',
    description:
      'Duration that 95 % of the requests stay below, by route, from the events. Beyond the dashed line a request breaks the latency objective.',
    unit: 'ms',
    levels: LATENCY_LEVELS,
    min: 0,
    softMax: 50,
    minInterval: MIN_INTERVAL,
    sparse: true,
    queries: [logRangeQuery('A', '{{route}}', queries.eventDuration(SERVICE, 0.95, 'route', '$__auto'))],
  });
