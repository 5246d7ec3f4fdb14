import { type Attributes, type Logger, SeverityNumber } from '@opentelemetry/api';

/** pino's levels as severities. @see https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const SEVERITIES: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

/**
 * Sends lines of the log as OpenTelemetry log records too: `msg` as body, level as severity, the active trace, the rest
 * as attributes. What the resource and the record's own fields say already is left out. Without a logger provider, so
 * without telemetry/register.ts, it does nothing.
 */
export function sendLogRecords(logger: Logger): (line: string) => void {
  return (line) => {
    if (!logger.enabled()) return;
    const { level, msg, time, service, instance, trace_id, span_id, ...attributes } = JSON.parse(
      line,
    ) as Attributes & { level: string; msg?: string };
    logger.emit({
      severityText: level,
      severityNumber: SEVERITIES[level] ?? SeverityNumber.UNSPECIFIED,
      body: msg ?? '',
      attributes,
    });
  };
}
