import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { type HttpServer, listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { BodyTooLargeError, BoundedBody } from './bounded-body.ts';
import { type Refusal, type RefusalReason, refusalOf } from './refusal.ts';
import type { Route } from './routes.ts';

/** Where a guard hands requests on to: a Unix socket, or a port of a host. */
type Upstream = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Loki's and Tempo's; Thanos goes by the same here. */
const TENANT_HEADER = 'x-scope-orgid';

export interface GuardOptions {
  /** Of what it stands in front of, for messages. */
  readonly name: string;
  readonly upstream: Upstream;
  readonly routes: readonly Route[];
  readonly host: string;
  readonly port: number;
  /** Names it is called by, beside addresses and those of loopback. */
  readonly names: readonly string[];
  /** Whose data it is; who asks cannot say another. Default: that there are no tenants. */
  readonly tenant?: string | undefined;
  readonly onRefused?: (reason: RefusalReason) => void;
  readonly limits?: Partial<typeof LIMITS>;
}

const LIMITS = {
  /** A push of the Collector is 4 MB at most before it is compressed. */
  maxBodyBytes: 4 * 1024 * 1024,
  maxInflatedBytes: 16 * 1024 * 1024,
  /** Until an answer begins, and from piece to piece of it. A query may take 30 s (loki.yaml). */
  answerTimeoutMs: 60_000,
  /** Requests under way. */
  concurrency: 64,
};

/** Of a connection, not of a message (RFC 9110 section 7.6.1), or not for the other side. */
const NOT_HANDED_ON = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te'],
  ...['trailer', 'transfer-encoding', 'upgrade', 'expect', 'host', 'origin', 'cookie', 'authorization'],
];
const SECURITY_HEADERS = {
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/**
 * An HTTP server before another one that has no doors of its own: hands on the requests of its routes that call it by a
 * known name and come from no page of another site, within bounds of time and size, and refuses the rest.
 *
 * @throws {Error} naming the address, when it is taken
 */
export function startGuard({ onRefused, ...options }: GuardOptions): Promise<HttpServer> {
  const limits = { ...LIMITS, ...options.limits };
  const agent = new Agent({
    keepAlive: true,
    maxSockets: limits.concurrency,
    timeout: limits.answerTimeoutMs,
  });
  let underWay = 0;

  const refuse = (response: ServerResponse, { reason, status, message, allow }: Refusal) => {
    onRefused?.(reason);
    answer(response, status, message, { ...(allow && { allow }) });
  };

  function handOn(incoming: IncomingMessage, response: ServerResponse): void {
    underWay += 1;
    const outgoing = request({
      ...options.upstream,
      agent,
      method: incoming.method,
      path: incoming.url,
      headers: {
        ...handedOn(incoming.headers),
        host: options.name,
        ...(options.tenant && { [TENANT_HEADER]: options.tenant }),
      },
      timeout: limits.answerTimeoutMs,
    });
    response.once('close', () => {
      underWay -= 1;
      outgoing.destroy();
    });
    outgoing.on('timeout', () => outgoing.destroy(new TimeoutError()));
    outgoing.on('error', (error) => refuseOrFail(response, error));
    outgoing.on('response', (answered) => {
      if (response.headersSent) return void answered.destroy();
      response.writeHead(answered.statusCode ?? 502, { ...handedOn(answered.headers), ...SECURITY_HEADERS });
      pipeline(answered, response, () => {});
    });
    if (incoming.method !== 'POST') return void outgoing.end();
    const body = new BoundedBody({ ...limits, gzip: incoming.headers['content-encoding'] === 'gzip' });
    incoming.once('close', () => incoming.complete || body.destroy(new Error('cut off')));
    // What fails ends the request that is handed on before its end: the other side never takes half of a body for a
    // whole. Not a pipeline from the start: that would end the connection, and with it the answer.
    incoming.pipe(body);
    pipeline(body, outgoing, (error) => {
      if (!error) return;
      incoming.resume();
      refuseOrFail(response, error);
    });
  }

  function refuseOrFail(response: ServerResponse, error: NodeJS.ErrnoException): void {
    if (response.headersSent) return void response.destroy();
    if (error instanceof BodyTooLargeError)
      refuse(response, { reason: 'size', status: 413, message: `body: ${error.message}` });
    else if (error.code?.startsWith('Z_'))
      refuse(response, { reason: 'encoding', status: 400, message: 'body: expected gzip' });
    else if (error instanceof TimeoutError) answer(response, 504, `${options.name} does not answer`);
    else answer(response, 503, `${options.name} cannot be reached`);
  }

  return listen({
    host: options.host,
    port: options.port,
    names: options.names,
    maxConnections: 4 * limits.concurrency,
    handler(incoming, response) {
      const refusal =
        refusalOf(incoming, options.routes) ??
        (Number(incoming.headers['content-length'] ?? 0) > limits.maxBodyBytes
          ? ({
              reason: 'size',
              status: 413,
              message: `body: expected at most ${limits.maxBodyBytes} bytes`,
            } as const)
          : underWay >= limits.concurrency
            ? ({ reason: 'busy', status: 503, message: 'too many requests at once' } as const)
            : undefined);
      if (refusal) refuse(response, refusal);
      else handOn(incoming, response);
    },
  });
}

class TimeoutError extends Error {}

function handedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) =>
        !NOT_HANDED_ON.includes(name) && !name.startsWith('access-control-') && !name.startsWith('sec-'),
    ),
  );
}

/** The connection is not kept: what is left of the request is not read. */
function answer(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    ...headers,
    'content-type': 'application/json',
    connection: 'close',
  });
  response.end(JSON.stringify({ error: message }));
}
