import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ROUTES = ['users', 'user', 'products', 'orders', 'order', 'documents'];
const INSTANCES = ['shop-1', 'shop-2'];
const CALLS_A_SECOND = 5;

/** Counters that are a function of time, so that what is scraped goes on where the backfill ends. */
export const SHOP_SERIES = INSTANCES.flatMap((instance) =>
  ROUTES.flatMap((route) =>
    ['ok', 'error'].map((result) => ({
      labels: `instance="${instance}",job="shop",result="${result}",route="${route}"`,
      at: (seconds: number) => Math.floor(seconds * CALLS_A_SECOND * (result === 'ok' ? 0.9995 : 0.0005)),
    })),
  ),
);

export interface ShopExporter extends AsyncDisposable {
  readonly address: string;
}

/** Serves the counters on a free port of the loopback. */
export async function startShopExporter(): Promise<ShopExporter> {
  const server = createServer((_request, response) => {
    const seconds = Date.now() / 1000;
    const lines = SHOP_SERIES.map(({ labels, at }) => `shop_calls_total{${labels}} ${at(seconds)}`);
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`# TYPE shop_calls_total counter\n${lines.join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
