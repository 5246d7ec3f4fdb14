import { USER_ATTRIBUTE } from '@aiops-sre/conventions/semantic-attributes.ts';
import type { Span, SpanTree } from './span.ts';

/** Attributes that tell requests apart by what they ran on and through; resource attributes not named here are left out. */
const RESOURCE = [
  'service.instance.id',
  'service.version',
  'vcs.ref.head.revision',
  'deployment.environment.name',
  'host.name',
];

/** What is another for nearly each request, or says how it was measured. */
const LEFT_OUT = new Set([
  'url.full',
  'url.path',
  'url.query',
  'url.scheme',
  'network.protocol.version',
  'server.address',
  'server.port',
  'client.address',
  'client.port',
  'network.peer.address',
  'network.peer.port',
  'user_agent.original',
  'enduser.id',
  USER_ATTRIBUTE,
  'db.query.text',
  'messaging.message.id',
  'thread.id',
  'thread.name',
  'feature_flag.key',
  'feature_flag.result.variant',
  'feature_flag.result.reason',
  'feature_flag.provider.name',
]);

/** How a request ended: what makes it one of the failing, so that it cannot explain them. */
const OUTCOME = new Set([
  'http.response.status_code',
  'rpc.response.status_code',
  'db.response.status_code',
  'error.type',
  'error.message',
]);

/** What a client's span says of what it called, beside the address. */
const CALLED = [
  'db.system.name',
  'db.namespace',
  'db.collection.name',
  'messaging.destination.name',
  'rpc.service',
];

/** One attribute of a service's spans: `identity service.version=0.1.0`. The service's name has no blank. */
export const fact = (service: string, attribute: string, value: string) => `${service} ${attribute}=${value}`;

export interface Fact {
  readonly service: string;
  readonly attribute: string;
  readonly value: string;
}

/** The parts of a {@link fact}. */
export function parseFact(text: string): Fact {
  const blank = text.indexOf(' ');
  const equals = text.indexOf('=', blank);
  return {
    service: text.slice(0, blank),
    attribute: text.slice(blank + 1, equals),
    value: text.slice(equals + 1),
  };
}

/** A span's attribute of a feature flag's variant, by the flag's name. */
export const FLAG_PREFIX = 'feature_flag.';

/**
 * What is known of a request: attributes of its own span, of those it was called from and of all that it called.
 * How the request itself and its callers ended is left out; how its callees ended is in.
 */
export function factsOf(span: Span, tree: SpanTree): ReadonlySet<string> {
  const facts = new Set<string>();
  const add = (of: Span, withOutcome: boolean) => {
    for (const attribute of RESOURCE) {
      const value = of.resource[attribute];
      if (value) facts.add(fact(of.service, attribute, value));
    }
    const { 'feature_flag.key': flag, 'feature_flag.result.variant': variant } = of.attributes;
    if (flag && variant) facts.add(fact(of.service, `${FLAG_PREFIX}${flag}`, variant));
    if (of.kind === 'client' || of.kind === 'producer') {
      addCall(of);
      return;
    }
    for (const [attribute, value] of Object.entries(of.attributes))
      if (!LEFT_OUT.has(attribute) && (withOutcome || !OUTCOME.has(attribute)))
        facts.add(fact(of.service, attribute, value));
  };
  // Which instance was called shows even where it never answered.
  const addCall = ({ service, attributes }: Span) => {
    const { 'server.address': address, 'server.port': port, 'error.type': error } = attributes;
    for (const attribute of CALLED) {
      const value = attributes[attribute];
      if (value) facts.add(fact(service, attribute, value));
    }
    if (address) facts.add(fact(service, 'calls', port ? `${address}:${port}` : address));
    if (error) facts.add(fact(service, 'call failed with', error));
  };
  const descend = (of: Span) => {
    for (const child of tree.childrenOf(of)) {
      add(child, true);
      descend(child);
    }
  };
  add(span, false);
  descend(span);
  for (let up = tree.parentOf(span); up; up = tree.parentOf(up)) if (up.kind === 'server') add(up, false);
  return facts;
}
