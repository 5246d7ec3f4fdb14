import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { cell, DASHBOARD_UIDS, dashboardUrl } from '../links.ts';
import { NO_LEVELS } from '../panels/levels.ts';
import { exemplarQuery, rangeQuery } from '../panels/prometheus-query.ts';
import { failedColumn, withinColumns } from '../panels/request-columns.ts';
import { table } from '../panels/table.ts';
import { timeSeries } from '../panels/time-series.ts';
import { failedExemplars, slowExemplars } from '../queries/http.ts';
import * as queries from '../queries/tracing.ts';

const SERVICE = 'service_name="$service"';
const SPAN = 'span_name, span_kind';
const LEGEND = '{{span_name}} {{span_kind}}';

/** `SPAN_KIND_SERVER` reads better as `server`. */
const kindInWords = (expression: string) =>
  ['SERVER', 'CLIENT', 'INTERNAL'].reduce(
    (inner, kind) =>
      `label_replace(${inner}, "span_kind", "${kind.toLowerCase()}", "span_kind", "SPAN_KIND_${kind}")`,
    expression,
  );

export const latency = () =>
  timeSeries({
    title: 'Latency by span, 95 %',
    description: `95 % of the spans are shorter, by name, before sampling. Dots are requests slower than ${STOREFRONT_LATENCY_OBJECTIVE_SECONDS} s and failed ones; a click leads to the trace.`,
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.05,
    queries: [
      rangeQuery('A', LEGEND, kindInWords(queries.spanQuantile(SERVICE, 0.95, SPAN))),
      exemplarQuery('B', slowExemplars('$service', STOREFRONT_LATENCY_OBJECTIVE_SECONDS)),
      exemplarQuery('C', failedExemplars('$service')),
    ],
  });

export const rate = () =>
  timeSeries({
    title: 'Spans',
    description: 'Spans a second by name, before sampling.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: [rangeQuery('A', LEGEND, kindInWords(queries.spanRate(SERVICE, SPAN)))],
  });

export const failures = () =>
  timeSeries({
    title: 'Failed by span',
    failures: true,
    description: 'Share of the spans that failed, by name.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.01,
    queries: [rangeQuery('A', LEGEND, kindInWords(queries.spanFailureRatio(SERVICE, SPAN)))],
  });

const ALL = 'service_name!=""';
const SPAN_OF_SERVICE = `service_name, ${SPAN}`;

export const all = () =>
  table({
    title: 'Spans of every service',
    description: 'Each kind of span as of now, before sampling. A cell is coloured where spans fail.',
    sortBy: { title: '95 % within', descending: true },
    noValue: 'No spans in the last minutes',
    columns: [
      {
        title: 'Service',
        label: 'service_name',
        width: 150,
        links: [
          { title: 'This service', url: dashboardUrl(DASHBOARD_UIDS.service, { service: cell('Service') }) },
        ],
      },
      { title: 'Span', label: 'span_name', width: 280 },
      { title: 'Kind', label: 'span_kind', width: 110 },
      {
        title: 'Spans',
        expression: kindInWords(queries.spanRate(ALL, SPAN_OF_SERVICE)),
        unit: 'suffix:/s',
        decimals: 2,
      },
      failedColumn(kindInWords(queries.spanFailureRatio(ALL, SPAN_OF_SERVICE))),
      ...withinColumns((share) => kindInWords(queries.spanQuantile(ALL, share, SPAN_OF_SERVICE))),
    ],
  });
