/**
 * Attributes of spans that OpenTelemetry's semantic conventions have renamed, old name to new. What reads spans knows the new
 * names only: the Collector gives them to every span that comes in (`transform/semantic_conventions` in its
 * configuration, from this table), and the diagnosis to every trace that it reads.
 * @see https://opentelemetry.io/docs/specs/semconv/non-normative/http-migration/
 * @see https://opentelemetry.io/docs/specs/semconv/non-normative/db-migration/
 */
export const RENAMED_ATTRIBUTES: Readonly<Record<string, string>> = {
  'http.method': 'http.request.method',
  'http.status_code': 'http.response.status_code',
  'http.url': 'url.full',
  'http.target': 'url.path',
  'http.scheme': 'url.scheme',
  'http.flavor': 'network.protocol.version',
  'http.user_agent': 'user_agent.original',
  'http.client_ip': 'client.address',
  'net.peer.name': 'server.address',
  'net.peer.port': 'server.port',
  'net.host.name': 'server.address',
  'net.host.port': 'server.port',
  'rpc.system': 'rpc.system.name',
  'rpc.grpc.status_code': 'rpc.response.status_code',
  'db.system': 'db.system.name',
  'db.name': 'db.namespace',
  'db.operation': 'db.operation.name',
  'db.statement': 'db.query.text',
  'db.sql.table': 'db.collection.name',
  'db.mongodb.collection': 'db.collection.name',
  'messaging.destination': 'messaging.destination.name',
  'messaging.operation': 'messaging.operation.type',
};

/**
 * Who asked, by a name that says nothing of the person.
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/enduser/
 */
export const USER_ATTRIBUTE = 'enduser.pseudo.id';

/** Bytes of a service's name; the Collector cuts what is longer, in every signal alike. */
export const LONGEST_SERVICE_NAME_BYTES = 128;

type Attributes = Readonly<Record<string, string>>;

/** The attributes under their new names only. Where a span has both, the new one counts. */
export function currentAttributes(attributes: Attributes): Attributes {
  const current: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const renamed = RENAMED_ATTRIBUTES[name];
    if (renamed === undefined) current[name] = value;
    // A target is a path and a query.
    else current[renamed] ??= name === 'http.target' ? value.replace(/\?.*$/s, '') : value;
  }
  return current;
}

/** Spans with which a service answers somebody: requests, messages, and what senders that know no kinds send. */
export const ENTRY_SPAN_KINDS = ['server', 'consumer', 'unspecified'] as const;

/** A matcher of those in the Collector's span metrics. */
export const ENTRY_SPANS = `span_kind=~"${ENTRY_SPAN_KINDS.map((kind) => `SPAN_KIND_${kind.toUpperCase()}`).join('|')}"`;
