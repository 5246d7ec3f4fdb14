import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { SERVICE_NAMESPACE } from '@aiops-sre/conventions/services.ts';
import { errorRatio, SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { BURN_WINDOWS } from '../../src/burn-rate-pairs.ts';
import type { Telemetry } from './running-stores.ts';

const BUCKETS = ['1.0', '+Inf'];
const STEP_SECONDS = 15;
const BEFORE_SECONDS = 1800;
const FAILING_SECONDS = 300;

export const ROUTE = '/api/orders';
export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

const FAILED = [
  { service: 'storefront', route: ROUTE, traceId: TRACE_ID },
  { service: 'storefront', route: '/api/documents', traceId: '1af7651916cd43dd8448eb211c80319d' },
  { service: 'fulfillment', route: '/documents', traceId: '2af7651916cd43dd8448eb211c80319e' },
] as const;

/** A route of the storefront that fails for five minutes, until `endSeconds`, and what was well for half an hour before. */
export function failingRoute(endSeconds: number): Telemetry {
  const failedAt = endSeconds - 60;
  return {
    samples: samples(endSeconds),
    spans: {
      resourceSpans: FAILED.map(({ service, route, traceId }) => ({
        resource: { attributes: [attribute('service.name', service)] },
        scopeSpans: [
          {
            spans: [
              {
                traceId,
                spanId: traceId.slice(16),
                name: `GET ${route}`,
                kind: 2,
                startTimeUnixNano: `${failedAt}000000000`,
                endTimeUnixNano: `${failedAt}900000000`,
                status: { code: 2 },
                attributes: [attribute('http.route', route)],
              },
            ],
          },
        ],
      })),
    },
    lines: {
      streams: FAILED.map(({ service, route, traceId }) => ({
        stream: { service_name: service, deployment_environment_name: 'demo' },
        values: [
          [
            `${failedAt}000000000`,
            `GET ${route} 500`,
            {
              trace_id: traceId,
              event: 'request',
              method: 'GET',
              route,
              status: '500',
              outcome: 'server_error',
              duration_ms: '900',
              detected_level: 'error',
            },
          ],
        ],
      })),
    },
  };
}

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** Of a series: what it adds in a step of time, well and failing; of a gauge, what it is. */
interface Told {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly well: number;
  readonly failing: number;
  readonly isGauge?: boolean;
}

function samples(endSeconds: number): string {
  const lines = told(endSeconds).flatMap(({ name, labels, well, failing, isGauge }) => {
    const type = isGauge ? 'gauge' : 'counter';
    const family = isGauge ? name : name.replace(/_total$/, '');
    const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    let total = 0;
    const points = [];
    for (let at = endSeconds - FAILING_SECONDS - BEFORE_SECONDS; at <= endSeconds; at += STEP_SECONDS) {
      const step = at > endSeconds - FAILING_SECONDS ? failing : well;
      total = isGauge ? step : total + step;
      if (!Number.isNaN(total)) points.push({ family, type, line: `${name}{${pairs}} ${total} ${at}` });
    }
    return points;
  });
  const families = Map.groupBy(lines, ({ family }) => family);
  return `${[...families]
    .flatMap(([family, points]) => [`# TYPE ${family} ${points[0]!.type}`, ...points.map(({ line }) => line)])
    .join('\n')}\n# EOF\n`;
}

const gauge = (name: string, labels: Told['labels'], well: number, failing = well): Told => ({
  name,
  labels,
  well,
  failing,
  isGauge: true,
});

function told(endSeconds: number): readonly Told[] {
  const storefront = { job: 'demo-app', service: 'storefront', instance: 'storefront-1' };
  const request = { ...storefront, method: 'GET', route: ROUTE };
  const server = FAILED.map(({ service, route }) => ({
    service_name: service,
    span_name: `GET ${route}`,
    span_kind: 'SPAN_KIND_SERVER',
    http_route: route,
    http_request_method: 'GET',
    instance: `${service}-1`,
    service_version: '1.0.0',
  }));
  const slo = { slo: 'storefront-availability', service: 'storefront' };
  const alert = { ...slo, alertname: 'ErrorBudgetBurn', severity: 'page' };
  const fulfillment = { job: 'demo-app', service: 'fulfillment', instance: 'fulfillment-1' };
  const documents = { ...request, route: '/api/documents' };
  const watched = { rule: 'storefront_requests', service: 'storefront', route: ROUTE, method: 'GET' };
  const never = Number.NaN;
  const count = (name: string, labels: Told['labels'], well: number, failing = well): Told => ({
    name,
    labels,
    well,
    failing,
  });
  return [
    ...[storefront, fulfillment].map((labels) => gauge('up', labels, 1)),
    ...[request, documents].flatMap((labels) => [
      count(METRICS.httpRequests, { ...labels, status_class: '2xx' }, 30, 15),
      count(METRICS.httpRequests, { ...labels, status_class: '5xx' }, 0, 15),
    ]),
    count(
      METRICS.httpRequests,
      { ...fulfillment, method: 'POST', route: '/documents', status_class: '2xx' },
      9,
    ),
    ...['processed', 'failed'].map((document_status) =>
      count(METRICS.fulfillmentDocuments, { ...fulfillment, document_status }, 9),
    ),
    ...FAILED.flatMap(({ service, route }) =>
      BUCKETS.map((le) =>
        count(
          `${METRICS.httpServerDuration}_bucket`,
          {
            job: `${SERVICE_NAMESPACE}/${service}`,
            instance: `${service}-1`,
            http_route: route,
            http_response_status_code: '200',
            le,
          },
          30,
        ),
      ),
    ),
    ...server.flatMap((labels) => [
      count(METRICS.spanCalls, { ...labels, status_code: 'STATUS_CODE_UNSET' }, 30, 15),
      count(METRICS.spanCalls, { ...labels, status_code: 'STATUS_CODE_ERROR' }, 0, 15),
      ...BUCKETS.map((le) => count(`${METRICS.spanDuration}_bucket`, { ...labels, le }, 30)),
    ]),
    ...[...new Set(FAILED.map(({ service }) => service))].flatMap((service) => {
      const labels = {
        job: `${SERVICE_NAMESPACE}/${service}`,
        instance: `${service}-1`,
        service_name: service,
        span_kind: 'SPAN_KIND_SERVER',
      };
      return [
        count(METRICS.serviceCalls, { ...labels, status_code: 'STATUS_CODE_UNSET' }, 30, 15),
        count(METRICS.serviceCalls, { ...labels, status_code: 'STATUS_CODE_ERROR' }, 0, 15),
        ...BUCKETS.map((le) => count(`${METRICS.serviceDuration}_bucket`, { ...labels, le }, 30)),
        gauge(METRICS.serviceAnsweredWithin, { service_name: service }, 0.04),
      ];
    }),
    count(
      METRICS.serviceGraphRequests,
      { client: 'user', server: 'storefront', connection_type: 'virtual_node' },
      30,
    ),
    count(
      METRICS.serviceGraphFailed,
      { client: 'user', server: 'storefront', connection_type: 'virtual_node' },
      0,
      15,
    ),
    ...['fulfillment-success', 'storefront-availability', 'telemetry-freshness'].flatMap((name) => {
      const service = name === 'telemetry-freshness' ? 'otel-collector' : name.split('-')[0]!;
      const labels = { slo: name, service };
      return [
        gauge(SERIES.objective, labels, 0.999),
        gauge(SERIES.errorBudget, labels, 0.001),
        gauge(SERIES.currentBurnRate, labels, 0, 500),
        gauge(SERIES.budgetRemaining, labels, 1, 0.5),
        ...BURN_WINDOWS.map((window) => gauge(errorRatio(window), labels, 0, 0.5)),
      ];
    }),
    gauge('ALERTS', { ...alert, alertstate: 'firing' }, never, 1),
    gauge('ALERTS_FOR_STATE', alert, never, endSeconds - 200),
    ...[METRICS.anomalyActive, METRICS.anomalyScore, METRICS.anomalyValue].map((name) =>
      gauge(name, { ...watched, instance: 'storefront-1', job: 'anomaly-detector' }, 0, 1),
    ),
    gauge('anomaly_detector_lag_seconds', { rule: watched.rule }, 30),
  ];
}
