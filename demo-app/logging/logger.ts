import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';
import { cleanLine } from './clean-line.ts';

interface LoggerOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: string;
  /** Is given each line as it is written, in the context it was logged in. */
  readonly onLine?: (line: string) => void;
  readonly destination?: DestinationStream;
}

/**
 * JSON lines on stdout. Each carries service, instance and, inside a request, trace_id and span_id of the active span.
 * Each passes through {@link cleanLine}; what is personal is not logged in the first place.
 */
export function createLogger({ service, instance, level, onLine, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service, instance },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin() {
      const context = trace.getActiveSpan()?.spanContext();
      return context ? { trace_id: context.traceId, span_id: context.spanId } : {};
    },
    hooks: {
      streamWrite(line: string) {
        const clean = cleanLine(line);
        onLine?.(clean);
        return clean;
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
