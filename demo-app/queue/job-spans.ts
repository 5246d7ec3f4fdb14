import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

/** Whose trace a job goes on with, as W3C writes it; kept in the job's data. */
export type TraceCarrier = Readonly<Record<string, string>>;

/**
 * Names of OpenTelemetry's messaging conventions.
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 */
const MESSAGING = {
  system: 'messaging.system',
  destination: 'messaging.destination.name',
  operation: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
} as const;

// What a job says came from this application: the storefront's own propagator believes visitors nothing.
const w3c = new W3CTraceContextPropagator();
const tracer = () => trace.getTracer('@aiops-sre/demo-app/queue');
const attributesOf = (queue: string, operation: 'send' | 'process') => ({
  [MESSAGING.system]: 'pg-boss',
  [MESSAGING.destination]: queue,
  [MESSAGING.operation]: operation,
  [MESSAGING.operationType]: operation,
});

/** Runs `send` in a producer's span, with what the job needs to go on with the trace. */
export async function inProducerSpan<Result>(
  queue: string,
  send: (carrier: TraceCarrier) => Promise<Result>,
): Promise<Result> {
  const span = tracer().startSpan(`send ${queue}`, {
    kind: SpanKind.PRODUCER,
    attributes: attributesOf(queue, 'send'),
  });
  const inside = trace.setSpan(context.active(), span);
  const carrier: Record<string, string> = {};
  propagation.inject(inside, carrier);
  return ending(span, inside, () => send(carrier));
}

/** Runs `work` in a consumer's span. Every attempt is part of the trace that sent the job, and links the sender. */
export async function inConsumerSpan<Result>(
  queue: string,
  { carrier, attempt }: { readonly carrier: TraceCarrier; readonly attempt: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const parent = w3c.extract(ROOT_CONTEXT, carrier, {
    get: (from, key) => from[key],
    keys: Object.keys,
  });
  const sender = trace.getSpanContext(parent);
  const span = tracer().startSpan(
    `process ${queue}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: { ...attributesOf(queue, 'process'), 'demo.job.attempt': attempt },
      links: sender ? [{ context: sender }] : [],
    },
    parent,
  );
  return ending(span, trace.setSpan(parent, span), work);
}

async function ending<Result>(span: Span, inside: Context, run: () => Promise<Result>): Promise<Result> {
  try {
    return await context.with(inside, run);
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    span.setAttribute('error.type', code ?? name);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}
