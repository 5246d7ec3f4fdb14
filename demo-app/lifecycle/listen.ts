import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenOptions {
  readonly handler: RequestListener;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/**
 * @returns the listening server and its port
 * @throws {Error} naming the address, when it is taken or not ours
 */
export function listen({ handler, host, port }: ListenOptions): Promise<{ server: Server; port: number }> {
  const server = createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      // Longer than any client here keeps an idle connection: the client closes first, and no request meets a reset.
      keepAliveTimeout: 65_000,
      maxHeaderSize: 8 * 1024,
    },
    handler,
  );
  server.maxConnections = 512;
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`cannot listen on ${host}:${port}: ${cause.message}`, { cause })),
    );
    server.listen(port, host, () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}
