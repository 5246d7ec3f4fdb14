/**
 * Names of OpenTelemetry's database conventions, in their stable form.
 * @see https://opentelemetry.io/docs/specs/semconv/database/postgresql/
 */
export const DB = {
  system: 'db.system.name',
  namespace: 'db.namespace',
  operation: 'db.operation.name',
  collection: 'db.collection.name',
  text: 'db.query.text',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  errorType: 'error.type',
} as const;

/** What a span says of a statement: `INSERT orders` is its name, too. Of a WITH, it is what is written, or else read first. */
export function describeStatement(text: string): {
  readonly operation: string;
  readonly collection: string | undefined;
} {
  const written = /\b(INSERT) INTO ([\w.]+)|\b(UPDATE) ([\w.]+) SET|\b(DELETE) FROM ([\w.]+)/i.exec(text);
  if (written) {
    const [operation, collection] = written.slice(1).filter((part) => part !== undefined);
    return { operation: operation!.toUpperCase(), collection };
  }
  return {
    operation: /\bSELECT\b/i.test(text) ? 'SELECT' : (/^\w+/.exec(text)?.[0] ?? 'unknown').toUpperCase(),
    collection: /\bFROM ([\w.]+)(?!\()\b/i.exec(text)?.[1],
  };
}
