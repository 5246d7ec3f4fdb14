import { currentAttributes } from '@aiops-sre/conventions/semantic-attributes.ts';
import { z } from 'zod';
import type { Span, Trace } from './span.ts';

const valueSchema = z
  .object({
    stringValue: z.string(),
    intValue: z.union([z.string(), z.number()]),
    doubleValue: z.number(),
    boolValue: z.boolean(),
  })
  .partial();
/** A list of attributes in OTLP's JSON as texts by name. */
export const attributesSchema = z
  .array(z.object({ key: z.string(), value: valueSchema.default({}) }))
  .default([])
  .transform((list) =>
    Object.fromEntries(
      list.flatMap(({ key, value }) => {
        const given = value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue;
        return given === undefined ? [] : [[key, String(given)]];
      }),
    ),
  );
const nanoseconds = z.coerce.bigint().transform((value) => Number(value / 1000n) / 1000);
const spanSchema = z.object({
  spanId: z.string(),
  parentSpanId: z.string().default(''),
  traceState: z.string().default(''),
  name: z.string(),
  kind: z.string().default('SPAN_KIND_UNSPECIFIED'),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes: attributesSchema,
  links: z
    .array(
      z.object({
        // Tempo writes bytes as base64, others as hex.
        traceId: z
          .string()
          .transform((id) => (/^[0-9a-f]{32}$/i.test(id) ? id : Buffer.from(id, 'base64').toString('hex'))),
        spanId: z.string(),
      }),
    )
    .optional(),
  status: z.object({ code: z.string().optional(), message: z.string().optional() }).default({}),
});
/** Tempo's JSON of a trace, from either version of its API. @see https://grafana.com/docs/tempo/latest/api_docs/ */
const traceSchema = z.object({
  trace: z.object({
    resourceSpans: z
      .array(
        z.object({
          resource: z.object({ attributes: attributesSchema }),
          scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
        }),
      )
      .default([]),
  }),
});

const KINDS: Readonly<Record<string, Span['kind']>> = {
  SPAN_KIND_SERVER: 'server',
  SPAN_KIND_CLIENT: 'client',
  SPAN_KIND_PRODUCER: 'producer',
  SPAN_KIND_CONSUMER: 'consumer',
  SPAN_KIND_UNSPECIFIED: 'unspecified',
};

/** @throws ZodError where the body is no trace */
export function parseTrace(traceId: string, body: unknown): Trace {
  const { resourceSpans } = traceSchema.parse(body).trace;
  const spans = resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap((scope) => scope.spans)
      .map(
        (span): Span => ({
          spanId: span.spanId,
          parentSpanId: span.parentSpanId,
          traceState: span.traceState,
          service: resource.attributes['service.name'] ?? 'unknown',
          name: span.name,
          kind: KINDS[span.kind] ?? 'internal',
          startMs: span.startTimeUnixNano,
          endMs: span.endTimeUnixNano,
          failed: span.status.code === 'STATUS_CODE_ERROR',
          statusMessage: span.status.message ?? '',
          attributes: currentAttributes(span.attributes),
          ...(span.links && {
            links: span.links.map(({ traceId: of, spanId }) => ({ traceId: of, spanId })),
          }),
          resource: resource.attributes,
        }),
      ),
  );
  return { traceId, spans };
}
