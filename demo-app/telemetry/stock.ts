import { IncomingMessage } from 'node:http';
import type { InstrumentationConfigMap } from '@opentelemetry/auto-instrumentations-node';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import type { Settings } from '../settings.ts';
import { DB, describeStatement } from './database-attributes.ts';
import { linkCaller } from './edge.ts';
import { isObserved } from './observed-paths.ts';

/**
 * What would say who a visitor is, or what a visitor made up: their address, their program, the query, the Host header.
 * An attribute that is undefined is not sent.
 */
const WITHHELD = {
  'client.address': undefined,
  'network.peer.address': undefined,
  'network.peer.port': undefined,
  'server.address': undefined,
  'server.port': undefined,
  'url.query': undefined,
  'user_agent.original': undefined,
};

/** Express has no span for each layer: one a request and one a call is what a reader of a trace needs. */
const CONFIGURED = {
  '@opentelemetry/instrumentation-http': {
    ignoreIncomingRequestHook: ({ url = '/' }) => !isObserved(url),
    startIncomingSpanHook: () => WITHHELD,
    requestHook: (span, request) => {
      if (request instanceof IncomingMessage) linkCaller(span, request.headers);
    },
    requireParentforOutgoingSpans: true,
  },
  '@opentelemetry/instrumentation-express': {
    ignoreLayers: [() => true],
  },
  '@opentelemetry/instrumentation-pg': {
    // What runs for nobody's request, such as a look into a queue, is no trace.
    requireParentSpan: true,
    // A connection that cannot be had has a span of the application's own.
    ignoreConnectSpans: true,
    requestHook: (span, { query }) => {
      const { operation, collection } = describeStatement(query.text);
      span.updateName([operation, collection].filter(Boolean).join(' '));
      span.setAttribute(DB.operation, operation);
      if (collection) span.setAttribute(DB.collection, collection);
    },
  },
} satisfies InstrumentationConfigMap;

/**
 * OpenTelemetry's own instrumentations: those of what this application uses, or those that OTEL_NODE_ENABLED_INSTRUMENTATIONS
 * names. All there are, which come in one package, would take 10 MB of each process.
 * @see https://opentelemetry.io/docs/languages/js/getting-started/nodejs/
 */
export async function instrumentations({ database }: Pick<Settings, 'database'>): Promise<Instrumentation[]> {
  if (process.env.OTEL_NODE_ENABLED_INSTRUMENTATIONS) {
    const { getNodeAutoInstrumentations } = await import('@opentelemetry/auto-instrumentations-node');
    return getNodeAutoInstrumentations(CONFIGURED);
  }
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
  const { ExpressInstrumentation } = await import('@opentelemetry/instrumentation-express');
  const used: Instrumentation[] = [
    new HttpInstrumentation(CONFIGURED['@opentelemetry/instrumentation-http']),
    new ExpressInstrumentation(CONFIGURED['@opentelemetry/instrumentation-express']),
  ];
  if (!database) return used;
  const { PgInstrumentation } = await import('@opentelemetry/instrumentation-pg');
  return [...used, new PgInstrumentation(CONFIGURED['@opentelemetry/instrumentation-pg'])];
}

/**
 * Lets the instrumentations see modules that are imported, as they see those that are required. To be called when the
 * SDK's own modules are loaded: with the hook in place before, every axios client span comes twice.
 */
export function hookModules(): void {
  register({ include: ['express', 'http', 'https', 'node:http', 'node:https', 'pg', 'pg-pool'] });
}
