import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export type HttpServer = {
  readonly port: number;
  /** Stops listening and ends what is still open after a moment of grace. */
  close(): Promise<void>;
};

const GRACE_MS = 2000;

/** Listens on `host` and `port` (0: any free one). Rejects when it cannot. */
export async function listen(options: {
  listener: RequestListener;
  host: string;
  port: number;
}): Promise<HttpServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, options.listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
