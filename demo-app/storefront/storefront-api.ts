import { randomUUID } from 'node:crypto';
import { STOREFRONT_ROUTES } from '@aiops-sre/conventions/services.ts';
import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { AxiosInstance } from 'axios';
import type { RequestHandler } from 'express';
import { documentSchema } from '../fulfillment/document.ts';
import { parseBody, readJson } from '../http/json-body.ts';
import type { ApiRoute } from '../http/service.ts';
import type { Route } from '../metrics/app-metrics.ts';
import { PRODUCTS, USERS } from './catalogue.ts';
import { createDocumentDispatch } from './document-dispatch.ts';
import { markSynthetic } from './mark-synthetic.ts';
import { orderSchema } from './order.ts';
import type { OrderStore } from './order-store.ts';
import { requireToken } from './require-token.ts';
import { shedLoad } from './shed-load.ts';
import { usersWithAccounts } from './user-list.ts';

type KeyOf<R extends Route> = R extends R ? `${R['method']} ${R['route']}` : never;
type RouteKey = KeyOf<(typeof STOREFRONT_ROUTES)[number]>;

interface StorefrontApiOptions {
  readonly identity: AxiosInstance;
  /** A client for each instance. */
  readonly fulfillment: readonly AxiosInstance[];
  readonly orders: OrderStore;
  /** Whether the list of users asks identity about each one, asked anew for each request. */
  readonly isAccountsOneByOne: () => Promise<boolean>;
  /** Share of document orders to turn away, asked anew for each. Default: none. */
  readonly shedShare?: () => Promise<number>;
  /** Who shows it is no visitor. */
  readonly probeKey?: string | undefined;
  /** Of the pseudonyms of customers. */
  readonly pseudonymKey?: string | undefined;
  /** @returns uniform in [0, 1) */
  readonly random?: () => number;
}

/** The shop's public API. Every request has its token checked by identity first. */
export function storefrontApi({
  identity,
  fulfillment,
  orders,
  isAccountsOneByOne,
  shedShare = async () => 0,
  probeKey,
  pseudonymKey,
  random = Math.random,
}: StorefrontApiOptions): ApiRoute[] {
  const dispatch = createDocumentDispatch(fulfillment);

  const handlers: Record<RouteKey, RequestHandler[]> = {
    'GET /api/users': [
      async (_request, response) => {
        const users = (await isAccountsOneByOne()) ? await usersWithAccounts(identity) : USERS;
        response.json({ users });
      },
    ],
    'GET /api/users/:id': [
      ({ params }, response) => {
        const user = USERS.find(({ id }) => id === params.id);
        if (!user) throw new HttpError(404, 'no such user');
        response.json(user);
      },
    ],
    'GET /api/products': [(_request, response) => void response.json({ products: PRODUCTS })],
    'POST /api/orders': [
      readJson(),
      async (request, response) => {
        const order = { id: randomUUID(), ...parseBody(request, orderSchema) };
        await orders.add(order).catch((cause: unknown) => {
          throw new HttpError(503, 'orders cannot be stored', { cause });
        });
        response.status(201).json(order);
      },
    ],
    'GET /api/orders/:id': [
      ({ params }, response) => {
        const order = orders.get(String(params.id));
        if (!order) throw new HttpError(404, 'no such order');
        response.json(order);
      },
    ],
    'POST /api/documents': [
      readJson(),
      async (request, response) => {
        response
          .status(201)
          .json({ id: randomUUID(), ...(await dispatch(parseBody(request, documentSchema))) });
      },
    ],
  };
  const synthetic = markSynthetic(probeKey);
  const tokenRequired = requireToken(identity, pseudonymKey);
  // Documents are what costs most and can best be ordered again.
  const shed = shedLoad({ share: shedShare, random });
  return STOREFRONT_ROUTES.map(({ method, route }) => ({
    method,
    route,
    handlers: [
      synthetic,
      ...(route === '/api/documents' ? [shed] : []),
      tokenRequired,
      ...handlers[`${method} ${route}` as RouteKey],
    ],
  }));
}
