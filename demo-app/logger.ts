import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';

/** Keys that never reach the log, wherever an object carries them. */
const SECRET_KEYS = ['authorization', 'cookie', 'token', 'password', 'headers'];

export interface LoggerOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: string;
  readonly destination?: DestinationStream;
}

/**
 * JSON lines on stdout. Each carries service, instance and, inside a request, trace_id and span_id of the active span.
 * Secrets are redacted by key; what is personal is not logged in the first place.
 */
export function createLogger({ service, instance, level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service, instance },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin() {
      const context = trace.getActiveSpan()?.spanContext();
      return context ? { trace_id: context.traceId, span_id: context.spanId } : {};
    },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}
