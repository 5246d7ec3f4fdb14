import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { ofLabel, routeLinks } from './links.ts';
import { COLORS, levels, NO_LEVELS } from './panels/levels.ts';
import { exemplarQuery, rangeQuery } from './panels/prometheus-query.ts';
import { timeSeries } from './panels/time-series.ts';
import {
  failedExemplars,
  failureRatio,
  latencyQuantile,
  overallFailureRatio,
  requestRate,
  slowExemplars,
} from './queries/http.ts';

const SERVICE = 'storefront';
const SCOPE = { service: SERVICE };
const LINKS = routeLinks(SERVICE, ofLabel('route'));

export const storefrontRate = () =>
  timeSeries({
    title: 'Requests by route',
    description: 'Requests that the storefront answers each second, whatever the answer.',
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    links: LINKS,
    queries: [rangeQuery('A', '{{route}}', requestRate(SCOPE))],
  });

export const storefrontFailures = () =>
  timeSeries({
    title: 'Failed requests',
    failures: true,
    description: 'Share of requests answered with a 5xx status: all together and by route.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.01,
    queries: [
      rangeQuery('A', 'all routes', overallFailureRatio(SCOPE)),
      rangeQuery('B', '{{route}}', `${failureRatio(SCOPE)} > 0`),
    ],
  });

export const storefrontLatency = () =>
  timeSeries({
    title: 'Latency',
    description: `Time to answer: half, 95 % and 99 % of the requests are quicker. The dashed line is the objective, ${STOREFRONT_LATENCY_OBJECTIVE_SECONDS} s. Dots are requests slower than that and failed ones; a click leads to the trace.`,
    unit: 's',
    levels: levels(COLORS.plain, [STOREFRONT_LATENCY_OBJECTIVE_SECONDS, COLORS.bad]),
    min: 0,
    softMax: STOREFRONT_LATENCY_OBJECTIVE_SECONDS * 1.2,
    queries: [
      rangeQuery('A', '50 %', latencyQuantile(SCOPE, 0.5)),
      rangeQuery('B', '95 %', latencyQuantile(SCOPE, 0.95)),
      rangeQuery('C', '99 %', latencyQuantile(SCOPE, 0.99)),
      exemplarQuery('D', slowExemplars(SERVICE, STOREFRONT_LATENCY_OBJECTIVE_SECONDS)),
      exemplarQuery('E', failedExemplars(SERVICE)),
    ],
  });
