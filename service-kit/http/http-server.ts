import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { knownHostCheck, MISDIRECTED } from './known-host.ts';

export interface ListenOptions {
  readonly handler: RequestListener;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Names that it is called by, beside its addresses and those of loopback. Requests for another are refused with 421. */
  readonly names?: readonly string[] | undefined;
  readonly maxConnections?: number;
}

export interface HttpServer {
  readonly server: Server;
  readonly port: number;
  /** With the address that it is bound to, without a slash at the end. */
  readonly url: string;
  /** Stops accepting, lets running requests end and cuts off those that still run after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/** @throws {Error} naming the address, when it is taken or not ours */
export function listen({
  handler,
  host,
  port,
  names = [],
  maxConnections = 512,
}: ListenOptions): Promise<HttpServer> {
  const isKnown = knownHostCheck([host, ...names]);
  const server = createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      // Longer than any client here keeps an idle connection: the client closes first, and no request meets a reset.
      keepAliveTimeout: 65_000,
      maxHeaderSize: 8 * 1024,
    },
    (request, response) => {
      if (isKnown(request.headers.host)) return handler(request, response);
      // The connection is not kept: a body is not read.
      response.writeHead(MISDIRECTED.status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify({ error: MISDIRECTED.message }));
    },
  );
  server.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) =>
      reject(new Error(`cannot listen on ${host}:${port}: ${cause.message}`, { cause }));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      const { address, family, port: bound } = server.address() as AddressInfo;
      resolve({
        server,
        port: bound,
        url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
        close: (graceMs = 2_500) => closed(server, graceMs),
      });
    });
  });
}

async function closed(server: Server, graceMs: number): Promise<void> {
  // A connection whose last request has just ended is idle, and would be kept for the next one.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(cutOff);
}
