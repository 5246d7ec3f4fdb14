import { type Attributes, context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { Client } from 'pg';
import { DB, describeStatement } from '../database-attributes.ts';

interface PreparedQuery {
  readonly name?: string;
  readonly text: string;
}

/** Gives each statement that is run on behalf of a traced request a span. Its text goes along, its values do not. */
export function instrumentDatabase(tracer: Tracer): void {
  const query = Client.prototype.query as (this: Client, ...values: unknown[]) => Promise<unknown>;

  function queryInSpan(this: Client, ...values: unknown[]): Promise<unknown> {
    const parent = context.active();
    const [prepared] = values as [PreparedQuery];
    if (!trace.getSpan(parent) || isTracingSuppressed(parent) || typeof prepared?.text !== 'string')
      return query.apply(this, values);

    const { operation, collection } = describeStatement(prepared.text);
    const attributes: Attributes = {
      [DB.system]: 'postgresql',
      [DB.namespace]: this.database,
      [DB.operation]: operation,
      [DB.text]: prepared.text,
      [DB.serverAddress]: this.host,
      [DB.serverPort]: this.port,
      ...(collection && { [DB.collection]: collection }),
      ...(prepared.name && { 'db.postgresql.plan': prepared.name }),
    };
    const name = [operation, collection].filter(Boolean).join(' ');
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
    return query.apply(this, values).then(
      (result) => {
        span.end();
        return result;
      },
      (error: NodeJS.ErrnoException) => {
        span.setAttribute(DB.errorType, error.code ?? error.name);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
        span.end();
        throw error;
      },
    );
  }
  Client.prototype.query = queryInSpan as typeof Client.prototype.query;
}
