/**
 * Telemetry of the demo: node --import ./telemetry/register.ts main.ts ROLE. OTEL_* variables do what OpenTelemetry says;
 * defaults here are chosen so that what happens is seen within seconds.
 *
 * Spans and durations of HTTP come from two small modules beside this one instead of the stock instrumentations: they
 * cost a fraction of the CPU (`npm run bench -- overhead`), need no module hooks, and leave out what is personal.
 */
import { HTTP_DURATION_BOUNDS_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { metrics, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { settingsOrExit } from '../lifecycle/settings-or-exit.ts';
import { instrumentClientRequests } from './client-requests.ts';
import { serviceAttributes } from './resource.ts';
import { instrumentServerRequests } from './server-requests.ts';

const settings = settingsOrExit(process);
process.env.OTEL_EXPORTER_OTLP_ENDPOINT ||= 'http://127.0.0.1:4317';
process.env.OTEL_BSP_SCHEDULE_DELAY ||= '1000';

const sdk = new NodeSDK({
  resource: resourceFromAttributes(serviceAttributes(settings)),
  resourceDetectors: [envDetector],
  textMapPropagator: new W3CTraceContextPropagator(),
  traceExporter: new OTLPTraceExporter(),
  metricReaders: [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter(),
      exportIntervalMillis: Number(process.env.OTEL_METRIC_EXPORT_INTERVAL || 5000),
      exportTimeoutMillis: Number(process.env.OTEL_METRIC_EXPORT_TIMEOUT || 4000),
    }),
  ],
  logRecordProcessors:
    process.env.OTEL_LOGS_EXPORTER === 'none'
      ? []
      : [
          new BatchLogRecordProcessor({
            exporter: new OTLPLogExporter(),
            scheduledDelayMillis: Number(process.env.OTEL_BLRP_SCHEDULE_DELAY || 1000),
          }),
        ],
});
sdk.start();

const tracer = trace.getTracer('@aiops-sre/demo-app/http');
const meter = metrics.getMeter('@aiops-sre/demo-app/http');
const durationOf = (side: 'server' | 'client') =>
  meter.createHistogram(`http.${side}.request.duration`, {
    description: `Duration of HTTP ${side} requests.`,
    unit: 's',
    advice: { explicitBucketBoundaries: [...HTTP_DURATION_BOUNDS_SECONDS] },
  });
instrumentServerRequests({
  tracer,
  duration: durationOf('server'),
  ignoredPaths: new Set([
    '/metrics',
    '/healthz',
    '/readyz',
    '/admin/faults',
    '/admin/crash',
    '/operations/restart',
  ]),
});
instrumentClientRequests({ tracer, duration: durationOf('client') });
