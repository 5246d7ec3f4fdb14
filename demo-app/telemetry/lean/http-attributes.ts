import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * Names of OpenTelemetry's HTTP conventions, in their stable form.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export const HTTP = {
  method: 'http.request.method',
  status: 'http.response.status_code',
  route: 'http.route',
  scheme: 'url.scheme',
  path: 'url.path',
  url: 'url.full',
  version: 'network.protocol.version',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  errorType: 'error.type',
} as const;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

/** The method, or `_OTHER`: whatever a client makes up must not become a label. */
export function methodOf({ method = 'GET' }: { readonly method?: string | undefined }): string {
  return METHODS.has(method) ? method : '_OTHER';
}

/** The request's path. The query is left out: it is the part of a URL that carries what is nobody's business. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** The route that Express matched, in Express' notation; undefined when there was none. */
export function routeOf(request: IncomingMessage): string | undefined {
  return (request as IncomingMessage & { route?: { path?: string } }).route?.path;
}

/** Where a request goes, from its Host header. */
export function targetOf(request: ClientRequest): { address: string; port: number } {
  const host = String(request.getHeader('host') ?? request.host);
  const colon = host.lastIndexOf(':');
  if (colon === -1 || host.endsWith(']')) return { address: host, port: 80 };
  return { address: host.slice(0, colon), port: Number(host.slice(colon + 1)) };
}
