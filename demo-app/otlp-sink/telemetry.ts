import { decodeFields, type Fields, hex, integer, messages, text } from './wire-format.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface ReceivedSpan {
  readonly resource: Attributes;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes: Attributes;
  readonly status: 'unset' | 'ok' | 'error';
}

export interface ReceivedHistogramPoint {
  readonly resource: Attributes;
  readonly name: string;
  readonly attributes: Attributes;
  readonly count: number;
  readonly bounds: readonly number[];
}

export interface ReceivedLogRecord {
  readonly resource: Attributes;
  readonly severityText: string;
  readonly severityNumber: number;
  readonly body: string;
  readonly attributes: Attributes;
  readonly traceId: string;
  readonly spanId: string;
}

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;

/** @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto */
export function decodeSpans(exportTraceServiceRequest: Buffer): ReceivedSpan[] {
  return messages(decodeFields(exportTraceServiceRequest), 1).flatMap((resourceSpans) => {
    const resource = resourceOf(resourceSpans);
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => ({
        resource,
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        traceState: text(span, 3),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        kind: KINDS[integer(span, 6)] ?? 'internal',
        attributes: attributesOf(span, 9),
        status: STATUSES[integer(messages(span, 15)[0] ?? new Map(), 3)] ?? 'unset',
      })),
    );
  });
}

/** @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto */
export function decodeHistograms(exportMetricsServiceRequest: Buffer): ReceivedHistogramPoint[] {
  return messages(decodeFields(exportMetricsServiceRequest), 1).flatMap((resourceMetrics) => {
    const resource = resourceOf(resourceMetrics);
    return messages(resourceMetrics, 2).flatMap((scopeMetrics) =>
      messages(scopeMetrics, 2).flatMap((metric) =>
        messages(metric, 9).flatMap((histogram) =>
          messages(histogram, 1).map((point) => ({
            resource,
            name: text(metric, 1),
            attributes: attributesOf(point, 9),
            count: Number((point.get(4)![0] as Buffer).readBigUInt64LE()),
            bounds: doubles(point.get(7)?.[0] as Buffer | undefined),
          })),
        ),
      ),
    );
  });
}

/** @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto */
export function decodeLogRecords(exportLogsServiceRequest: Buffer): ReceivedLogRecord[] {
  return messages(decodeFields(exportLogsServiceRequest), 1).flatMap((resourceLogs) => {
    const resource = resourceOf(resourceLogs);
    return messages(resourceLogs, 2).flatMap((scopeLogs) =>
      messages(scopeLogs, 2).map((record) => ({
        resource,
        severityText: text(record, 3),
        severityNumber: integer(record, 2),
        body: text(messages(record, 5)[0] ?? new Map(), 1),
        attributes: attributesOf(record, 6),
        traceId: hex(record, 9),
        spanId: hex(record, 10),
      })),
    );
  });
}

function resourceOf(fields: Fields): Attributes {
  return Object.assign({}, ...messages(fields, 1).map((resource) => attributesOf(resource, 1)));
}

function attributesOf(fields: Fields, number: number): Attributes {
  return Object.fromEntries(
    messages(fields, number).map((keyValue) => [
      text(keyValue, 1),
      scalarOf(messages(keyValue, 2)[0] ?? new Map()),
    ]),
  );
}

function scalarOf(anyValue: Fields): string | number | boolean {
  if (anyValue.has(3)) return integer(anyValue, 3);
  if (anyValue.has(2)) return integer(anyValue, 2) === 1;
  if (anyValue.has(4)) return (anyValue.get(4)![0] as Buffer).readDoubleLE();
  return text(anyValue, 1);
}

function doubles(packed: Buffer = Buffer.of()): number[] {
  return Array.from({ length: packed.length / 8 }, (_, index) => packed.readDoubleLE(index * 8));
}
