import { requireBearer } from '../http/require-bearer.ts';
import type { ApiRoute } from '../http/service.ts';
import type { Queue } from '../queue/queue.ts';

export const CHECKOUT_ROUTES = [{ method: 'POST', route: '/dead-letters/redrive' }] as const;

/** Who looks after checkouts puts dead jobs back here, when what they failed of has been seen to. */
export function checkoutApi({
  queue,
  adminToken,
}: {
  readonly queue: Pick<Queue, 'redrive'>;
  readonly adminToken: string;
}): ApiRoute[] {
  return [
    {
      ...CHECKOUT_ROUTES[0],
      handlers: [
        requireBearer(adminToken),
        async (_request, response) => {
          response.json({ redriven: await queue.redrive() });
        },
      ],
    },
  ];
}
