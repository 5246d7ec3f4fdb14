import { join } from 'node:path';
import protobuf from 'protobufjs';

type Attributes = Readonly<Record<string, string | number | boolean>>;

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
  readonly links: readonly { traceId: string; spanId: string; traceState: string }[];
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

/** A decoded message: every field of otlp.proto is there, empty where it was not sent. */
// biome-ignore lint/suspicious/noExplicitAny: its shape is that of otlp.proto, and tests would fail on another.
type Message = any;

const root = protobuf.loadSync(join(import.meta.dirname, 'otlp.proto'));

function decode(type: string, request: Buffer): Message {
  const message = root.lookupType(type);
  return message.toObject(message.decode(request), {
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
}

export function decodeSpans(exportTraceServiceRequest: Buffer): ReceivedSpan[] {
  return decode('TraceRequest', exportTraceServiceRequest).resourceSpans.flatMap(
    ({ resource, scopeSpans }: Message) =>
      scopeSpans.flatMap(({ spans }: Message) =>
        spans.map(
          ({
            traceId,
            spanId,
            parentSpanId,
            traceState,
            name,
            kind,
            attributes,
            links,
            status,
          }: Message) => ({
            resource: attributesOf(resource?.attributes),
            traceId: hex(traceId),
            spanId: hex(spanId),
            traceState,
            parentSpanId: hex(parentSpanId),
            name,
            kind,
            attributes: attributesOf(attributes),
            links: links.map((link: Message) => ({
              traceId: hex(link.traceId),
              spanId: hex(link.spanId),
              traceState: link.traceState,
            })),
            status: status?.code ?? 'unset',
          }),
        ),
      ),
  );
}

export function decodeHistograms(exportMetricsServiceRequest: Buffer): ReceivedHistogramPoint[] {
  return decode('MetricsRequest', exportMetricsServiceRequest).resourceMetrics.flatMap(
    ({ resource, scopeMetrics }: Message) =>
      scopeMetrics.flatMap(({ metrics }: Message) =>
        metrics.flatMap(({ name, histogram }: Message) =>
          (histogram?.dataPoints ?? []).map(({ attributes, count, explicitBounds }: Message) => ({
            resource: attributesOf(resource?.attributes),
            name,
            attributes: attributesOf(attributes),
            count,
            bounds: explicitBounds,
          })),
        ),
      ),
  );
}

export function decodeLogRecords(exportLogsServiceRequest: Buffer): ReceivedLogRecord[] {
  return decode('LogsRequest', exportLogsServiceRequest).resourceLogs.flatMap(
    ({ resource, scopeLogs }: Message) =>
      scopeLogs.flatMap(({ logRecords }: Message) =>
        logRecords.map(({ severityText, severityNumber, body, attributes, traceId, spanId }: Message) => ({
          resource: attributesOf(resource?.attributes),
          severityText,
          severityNumber,
          body: body?.stringValue ?? '',
          attributes: attributesOf(attributes),
          traceId: hex(traceId),
          spanId: hex(spanId),
        })),
      ),
  );
}

function attributesOf(keyValues: Message = []): Attributes {
  return Object.fromEntries(keyValues.map(({ key, value }: Message) => [key, value?.[value.value]]));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
