/**
 * Telemetry of the demo: node --import ./telemetry/register.ts main.ts ROLE. OTEL_* variables do what OpenTelemetry says;
 * defaults here are chosen so that what happens is seen within seconds. TELEMETRY chooses how requests are observed: with
 * OpenTelemetry's own instrumentations (stock), or with two small modules that cost less (lean).
 */
import { OTLP_KEY_HEADER } from '@aiops-sre/conventions/otlp-key.ts';
import { trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { AggregationType, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { settingsOrExit } from '../lifecycle/settings-or-exit.ts';
import { edgePropagator } from './edge.ts';
import { serviceAttributes } from './resource.ts';

const settings = settingsOrExit(process);
process.env.OTEL_EXPORTER_OTLP_ENDPOINT ||= 'http://127.0.0.1:4317';
if (settings.otlpKey) process.env.OTEL_EXPORTER_OTLP_HEADERS ||= `${OTLP_KEY_HEADER}=${settings.otlpKey}`;
process.env.OTEL_BSP_SCHEDULE_DELAY ||= '1000';
// Some seconds of hundreds of requests a second, in which the Collector may be slow; with 2048 spans it is one or two.
process.env.OTEL_BSP_MAX_QUEUE_SIZE ||= '8192';

// Loads only what the mode needs.
const stock = settings.telemetry === 'stock' ? await import('./stock.ts') : undefined;
const sdk = new NodeSDK({
  resource: resourceFromAttributes(serviceAttributes(settings)),
  // The host and process detectors would put the command line and a new process id into every series.
  resourceDetectors: [envDetector],
  // The storefront is where visitors come in.
  textMapPropagator:
    settings.role === 'storefront' ? edgePropagator(settings.probeKey) : new W3CTraceContextPropagator(),
  traceExporter: new OTLPTraceExporter(),
  metricReaders: [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter(),
      exportIntervalMillis: Number(process.env.OTEL_METRIC_EXPORT_INTERVAL || 5000),
      exportTimeoutMillis: Number(process.env.OTEL_METRIC_EXPORT_TIMEOUT || 4000),
    }),
  ],
  // The pool has metrics of its own, which exist at zero from the start.
  views: [{ instrumentName: 'db.client.*', aggregation: { type: AggregationType.DROP } }],
  logRecordProcessors:
    process.env.OTEL_LOGS_EXPORTER === 'none'
      ? []
      : [
          new BatchLogRecordProcessor({
            exporter: new OTLPLogExporter(),
            scheduledDelayMillis: Number(process.env.OTEL_BLRP_SCHEDULE_DELAY || 1000),
          }),
        ],
  instrumentations: (await stock?.instrumentations(settings)) ?? [],
});
sdk.start();
if (stock) stock.hookModules();
else {
  (await import('./lean/instrument-http.ts')).instrumentHttp();
  if (settings.database) {
    const { instrumentDatabase } = await import('./lean/database-statements.ts');
    instrumentDatabase(trace.getTracer('@aiops-sre/demo-app/database'));
  }
}
