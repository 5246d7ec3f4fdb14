import { createRequire } from 'node:module';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { parseSettings } from '../settings.ts';
import { serviceAttributes } from './resource.ts';

const settings = parseSettings(process.env, process.argv[2]);
const sdk = new NodeSDK({
  resource: resourceFromAttributes(serviceAttributes(settings)),
  resourceDetectors: [envDetector],
  traceExporter: new OTLPTraceExporter(),
  metricReaders: [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter(),
      exportIntervalMillis: 5000,
      exportTimeoutMillis: 4000,
    }),
  ],
  logRecordProcessors: [],
  instrumentations: [new HttpInstrumentation({ ignoreIncomingRequestHook: (r) => r.url === '/metrics' })],
});
sdk.start();
createRequire(import.meta.url)('http');
