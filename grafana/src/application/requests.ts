import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { cell, instanceLinks, ofLabel, routeLinks, variable } from '../links.ts';
import { COLORS, levels, NO_LEVELS, onCalm } from '../panels/levels.ts';
import { exemplarQuery, rangeQueries, rangeQuery } from '../panels/prometheus-query.ts';
import { table } from '../panels/table.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as http from '../queries/http.ts';
import { FAILURE_LEVELS } from './levels.ts';
import { NO_HTTP, REQUESTS } from './scope.ts';

/** Labels by which requests are told apart, and the same one of the histogram that came over OTLP. */
const HISTOGRAM_LABELS = { route: 'http_route', instance: 'instance' } as const;
type By = keyof typeof HISTOGRAM_LABELS;

const linksOf = (by: By, label: string = by) =>
  (by === 'route' ? routeLinks : instanceLinks)(variable('service'), ofLabel(label));

export const rate = (by: By) =>
  timeSeries({
    noValue: NO_HTTP,
    title: `Requests by ${by}`,
    description: `Requests answered each second by ${by}, whatever the answer.`,
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    links: linksOf(by),
    queries: rangeQueries({ [`{{${by}}}`]: http.requestRate(REQUESTS, by) }),
  });

export const failures = (by: By) =>
  timeSeries({
    noValue: NO_HTTP,
    title: `Failed by ${by}`,
    failures: true,
    description: `Share of the requests answered with a 5xx status, by ${by}.`,
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.01,
    links: linksOf(by),
    queries: [rangeQuery('A', `{{${by}}}`, http.failureRatio(REQUESTS, by))],
  });

export const latencyBy = (by: By) =>
  timeSeries({
    noValue: NO_HTTP,
    title: `Latency by ${by}, 95 %`,
    description: `95 % of the requests are answered within this time, by ${by}.`,
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.05,
    links: linksOf(by, HISTOGRAM_LABELS[by]),
    queries: rangeQueries({
      [`{{${HISTOGRAM_LABELS[by]}}}`]: `${http.latencyQuantile(REQUESTS, 0.95, HISTOGRAM_LABELS[by])} >= 0`,
    }),
  });

export const latency = () =>
  timeSeries({
    noValue: NO_HTTP,
    title: 'Latency',
    description: `Time to answer: half, 95 % and 99 % of the requests are quicker. The dashed line is the storefront's objective, ${STOREFRONT_LATENCY_OBJECTIVE_SECONDS} s. Dots are requests slower than that and failed ones; a click leads to the trace.`,
    unit: 's',
    levels: levels(COLORS.plain, [STOREFRONT_LATENCY_OBJECTIVE_SECONDS, COLORS.bad]),
    min: 0,
    softMax: STOREFRONT_LATENCY_OBJECTIVE_SECONDS * 1.2,
    queries: [
      ...rangeQueries({
        '50 %': http.latencyQuantile(REQUESTS, 0.5),
        '95 %': http.latencyQuantile(REQUESTS, 0.95),
        '99 %': http.latencyQuantile(REQUESTS, 0.99),
      }),
      exemplarQuery('X', http.slowExemplars(REQUESTS.service, STOREFRONT_LATENCY_OBJECTIVE_SECONDS)),
      exemplarQuery('Y', http.failedExemplars(REQUESTS.service)),
    ],
  });

export const apdexOverTime = () =>
  timeSeries({
    noValue: NO_HTTP,
    title: 'Apdex',
    description: `How content callers are, 0 to 1: answered within ${http.APDEX_TARGET_SECONDS} s counts whole, within ${4 * http.APDEX_TARGET_SECONDS} s half, failed not at all. Below the dashed line callers notice.`,
    unit: 'none',
    levels: levels(COLORS.plain, [0.85, COLORS.act]),
    softMin: 0.8,
    max: 1,
    queries: rangeQueries({ apdex: http.apdex(REQUESTS) }),
  });

export const inProgress = () =>
  timeSeries({
    noValue: NO_HTTP,
    title: 'In progress',
    description:
      'Requests that are being answered at a time, on average, by instance: arrivals times their duration.',
    unit: 'short',
    levels: NO_LEVELS,
    min: 0,
    softMax: 1,
    queries: rangeQueries({ '{{instance}}': http.inProgress(REQUESTS) }),
  });

/** The histogram's routes under the counters' name of the label, so that both make one row. */
const byRoute = (expression: string) => `label_replace(${expression}, "route", "$1", "http_route", "(.+)")`;
const quantile = (share: number) =>
  `max by (route) (${byRoute(http.latencyQuantile(REQUESTS, share, 'http_route'))} >= 0)`;

export const routes = () =>
  table({
    title: 'Routes',
    description:
      'Each route as of now. Requests that no route matched are "unmatched" and have no latency. A cell is coloured where requests fail.',
    sortBy: { title: 'Requests', descending: true },
    noValue: NO_HTTP,
    columns: [
      {
        title: 'Route',
        label: 'route',
        width: 260,
        links: routeLinks(variable('service'), cell('Route')),
      },
      { title: 'Requests', expression: http.requestRate(REQUESTS), unit: 'reqps', decimals: 2 },
      { title: 'Failing', expression: http.failureRate(REQUESTS), unit: 'reqps', decimals: 2 },
      {
        title: 'Failed',
        expression: http.failureRatio(REQUESTS),
        unit: 'percentunit',
        decimals: 2,
        levels: onCalm(FAILURE_LEVELS),
        cell: 'color',
      },
      { title: '50 % within', expression: quantile(0.5), unit: 's' },
      { title: '95 % within', expression: quantile(0.95), unit: 's' },
      { title: '99 % within', expression: quantile(0.99), unit: 's' },
    ],
  });
