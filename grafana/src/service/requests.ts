import { DASHBOARD_UIDS, dashboardUrl, variable } from '../links.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { logLines } from '../panels/log-lines.ts';
import { exemplarQuery, rangeQuery } from '../panels/prometheus-query.ts';
import { failedColumn, withinColumns } from '../panels/request-columns.ts';
import { table } from '../panels/table.ts';
import { timeSeries } from '../panels/time-series.ts';
import { traceTable } from '../panels/trace-table.ts';
import * as logs from '../queries/logs.ts';
import * as services from '../queries/services.ts';

const QUIET = 'No requests in this time range';
const NOT_TOLD = 'The service tells no such metric';

export const rate = () =>
  timeSeries({
    title: 'Requests by operation',
    description: 'Requests a second by route, method of RPC or queue.',
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    queries: [rangeQuery('A', '{{span_name}}', services.operationRate())],
  });

export const failures = () =>
  timeSeries({
    title: 'Failed by operation',
    failures: true,
    description: 'Share of the requests that failed.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.01,
    queries: [rangeQuery('A', '{{span_name}}', services.operationFailedShare())],
  });

export const durations = () =>
  timeSeries({
    title: 'Time to answer by operation, 95 %',
    description:
      '95 % of the requests were answered within this time. Dots are slow and failed requests; a click leads to the trace.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    queries: [
      rangeQuery('A', '{{span_name}}', services.operationWithin(0.95)),
      exemplarQuery('B', services.slowExemplars),
      exemplarQuery('C', services.failedExemplars),
    ],
  });

export const operations = () =>
  table({
    title: 'Operations',
    description: 'What the service is asked, as of now, before sampling.',
    sortBy: { title: 'Failed', descending: true },
    thenBy: { title: 'Requests', descending: true },
    noValue: QUIET,
    columns: [
      {
        title: 'Operation',
        label: 'span_name',
        width: 320,
        links: [
          {
            title: 'Traces of this service',
            url: dashboardUrl(DASHBOARD_UIDS.tracing, { service: variable('service') }),
          },
        ],
      },
      { title: 'Requests', expression: services.operationRate(), unit: 'reqps', decimals: 2 },
      failedColumn(services.operationFailedShare()),
      ...withinColumns(services.operationWithin),
    ],
  });

export const codes = () =>
  timeSeries({
    title: 'Answers by status',
    description:
      'Answers a second by status code of HTTP, of spans by old and by today’s conventions; red, those that failed.',
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    failing: '^5',
    noValue: 'It answers no HTTP',
    queries: [rangeQuery('A', '{{http_response_status_code}}', services.answersByCode)],
  });

export const ownHistogram = () =>
  timeSeries({
    title: 'Its own HTTP durations, 95 %',
    description:
      'By the histogram that its SDK keeps: http.server.request.duration, or http.server.duration of the old conventions.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    noValue: NOT_TOLD,
    queries: [
      rangeQuery('A', '{{http_route}}', services.ownHttpWithin.current),
      rangeQuery('B', '{{http_route}}{{http_target}} (old)', services.ownHttpWithin.old),
    ],
  });

export const neighbours = () =>
  table({
    title: 'Who calls it, and whom it calls',
    description: 'Calls a second from one service, database or queue to another.',
    sortBy: { title: 'Calls', descending: true },
    noValue: 'No calls between services in this time range',
    columns: [
      { title: 'From', label: 'client' },
      { title: 'To', label: 'server' },
      { title: 'Calls', expression: services.edgeRate, unit: 'reqps', decimals: 2 },
      failedColumn(services.edgeFailedShare),
    ],
  });

export const outgoing = () =>
  table({
    title: 'Its calls',
    description: 'Calls to others as the service itself sees them: HTTP, RPC, databases, queues.',
    sortBy: { title: '95 % within', descending: true },
    none: { label: 'span_name', text: 'It calls nobody' },
    columns: [
      { title: 'Call', label: 'span_name', width: 240 },
      { title: 'System', label: 'system', width: 110 },
      { title: 'Calls', expression: services.outgoingRate, unit: 'reqps', decimals: 2 },
      failedColumn(services.outgoingFailedShare),
      { title: '95 % within', expression: services.outgoingWithin(0.95), unit: 's' },
    ],
  });

export const instances = () =>
  table({
    title: 'Instances',
    description: 'By service.instance.id, where the service tells one.',
    sortBy: { title: 'Failed', descending: true },
    noValue: QUIET,
    columns: [
      { title: 'Instance', label: 'instance', width: 260 },
      {
        title: 'Requests',
        expression: services.rate(services.CHOSEN, 'instance'),
        unit: 'reqps',
        decimals: 2,
      },
      failedColumn(services.failedShare(services.CHOSEN, 'instance')),
      {
        title: '95 % within',
        expression: services.answeredWithin(services.CHOSEN, 0.95, 'instance'),
        unit: 's',
      },
    ],
  });

export const busy = () =>
  timeSeries({
    title: 'Busy by instance',
    description: 'Share of the time that its event loop or processor is at work.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    noValue: NOT_TOLD,
    queries: [rangeQuery('A', '{{instance}}', services.busyByInstance)],
  });

export const memory = () =>
  timeSeries({
    title: 'Memory by instance',
    description: 'As its runtime tells: resident or heap.',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    noValue: NOT_TOLD,
    queries: [rangeQuery('A', '{{instance}}', services.memory)],
  });

const DURATION_LEVELS = levels(COLORS.plain, [1000, COLORS.bad]);

export const slowTraces = () =>
  traceTable({
    title: 'Slowest traces',
    description:
      'Traces in which the service answered slower than chosen above, the slowest of the newest 100 first.',
    traceql: services.slowTraces('$slow'),
    durationLevels: DURATION_LEVELS,
    sortBy: 'Duration',
    noValue: 'No trace is that slow in this time range',
  });

export const failedTraces = () =>
  traceTable({
    title: 'Failing traces',
    description: 'Traces in which a span of the service failed, the newest first.',
    traceql: services.failedTraces,
    durationLevels: DURATION_LEVELS,
    sortBy: 'Start',
    noValue: 'No trace failed in this time range',
  });

export const lines = () =>
  logLines({
    title: 'Logs of $service',
    description: 'The newest lines; a click on one shows its fields, and its trace id leads to the trace.',
    expression: logs.ofService('$service'),
    noValue: 'It logs nothing over OTLP',
  });
