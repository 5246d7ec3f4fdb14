/**
 * Stock auto-instrumentation instead of ours: node --import ./telemetry/stock.ts main.ts ROLE. For comparison, and for
 * who wants a span of every layer. It needs the development dependencies.
 */
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { settingsOrExit } from '../lifecycle/settings-or-exit.ts';
import { serviceAttributes } from './resource.ts';

const attributes = serviceAttributes(settingsOrExit(process));
const defaults = {
  OTEL_RESOURCE_ATTRIBUTES: Object.entries(attributes)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join(','),
  // The host and process detectors would put the command line and a new process id into every series.
  OTEL_NODE_RESOURCE_DETECTORS: 'env',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317',
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: '5000',
  OTEL_METRIC_EXPORT_TIMEOUT: '4000',
  OTEL_BSP_SCHEDULE_DELAY: '1000',
  OTEL_BLRP_SCHEDULE_DELAY: '1000',
};
Object.assign(process.env, { ...defaults, ...process.env });

await import('@opentelemetry/auto-instrumentations-node/register');
// After the SDK's own modules: with the hook in place before, every axios client span comes twice.
register({ include: ['express', 'http', 'https', 'node:http', 'node:https', 'pino', 'axios'] });
