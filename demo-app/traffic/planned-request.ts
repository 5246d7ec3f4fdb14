import { DOCUMENT_KINDS } from '../fulfillment/document.ts';
import { SAMPLES } from '../storefront/catalogue.ts';
import { type MixEntry, pickEntry } from './route-mix.ts';

interface PlannedRequest {
  readonly entry: MixEntry;
  readonly path: string;
  readonly body?: unknown;
}

/**
 * Draws the next visitor's request, good or bad, as the route mix has it.
 *
 * @param random uniform in [0, 1)
 */
export function planRequest(random: () => number): PlannedRequest {
  const entry = pickEntry(random());
  const bad = random() < entry.badShare;
  const below = (count: number) => Math.floor(random() * count);
  const anyUser = () => `user-${1 + below(SAMPLES.users)}`;
  switch (entry.route) {
    case '/api/products':
    case '/api/users':
      return { entry, path: entry.route };
    case '/api/users/:id':
      return { entry, path: `/api/users/${bad ? 'nobody' : anyUser()}` };
    case '/api/orders/:id':
      return { entry, path: `/api/orders/${bad ? 'lost' : `order-${1 + below(SAMPLES.orders)}`}` };
    case '/api/checkouts':
    case '/api/orders': {
      const items = [
        { productId: `product-${1 + below(SAMPLES.products)}`, quantity: bad ? 0 : 1 + below(3) },
      ];
      return { entry, path: entry.route, body: { userId: anyUser(), items } };
    }
    case '/api/documents': {
      const kind = bad ? 'scroll' : DOCUMENT_KINDS[below(DOCUMENT_KINDS.length)];
      return { entry, path: entry.route, body: { kind, pages: 1 + below(10) } };
    }
  }
}
