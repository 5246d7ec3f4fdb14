import { randomUUID } from 'node:crypto';
import { STOREFRONT_ROUTES } from '@aiops-sre/conventions/services.ts';
import { WIDE_EVENT } from '@aiops-sre/conventions/wide-events.ts';
import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { AxiosInstance } from 'axios';
import type { RequestHandler } from 'express';
import type { Database } from '../database/database.ts';
import { documentSchema } from '../fulfillment/document.ts';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { parseBody, readJson } from '../http/json-body.ts';
import { describeRequest } from '../http/request-outcome.ts';
import type { ApiRoute } from '../http/service.ts';
import type { Route } from '../metrics/app-metrics.ts';
import type { Queue } from '../queue/queue.ts';
import { createCatalogue, pageOf } from './catalogue.ts';
import { createCheckouts } from './checkouts.ts';
import { createDocumentDispatch } from './document-dispatch.ts';
import { addDocument } from './documents.ts';
import { limitInFlight, MOST_IN_FLIGHT } from './limit-in-flight.ts';
import { markSynthetic } from './mark-synthetic.ts';
import { type OrderRequest, orderSchema } from './order.ts';
import { addOrder, findOrder } from './orders.ts';
import { requireToken } from './require-token.ts';
import { shedLoad } from './shed-load.ts';
import { usersWithAccounts } from './user-list.ts';

type KeyOf<R extends Route> = R extends R ? `${R['method']} ${R['route']}` : never;
type RouteKey = KeyOf<(typeof STOREFRONT_ROUTES)[number]>;

interface StorefrontApiOptions {
  readonly identity: AxiosInstance;
  /** A client for each instance. */
  readonly fulfillment: readonly AxiosInstance[];
  readonly database: Database;
  readonly queue: Pick<Queue, 'send'>;
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
  database,
  queue,
  isAccountsOneByOne,
  shedShare = async () => 0,
  probeKey,
  pseudonymKey,
  random = Math.random,
}: StorefrontApiOptions): ApiRoute[] {
  const dispatch = createDocumentDispatch(fulfillment);
  const catalogue = createCatalogue(database);
  const placeOrder = createCheckouts({ database, queue });

  const handlers: Record<RouteKey, RequestHandler[]> = {
    'GET /api/users': [
      async ({ query }, response) => {
        const users = await catalogue.users(pageOf(query));
        response.json({
          users: (await isAccountsOneByOne()) ? await usersWithAccounts(identity, users) : users,
        });
      },
    ],
    'GET /api/users/:id': [
      async ({ params }, response) => {
        const user = await catalogue.user(String(params.id));
        if (!user) throw new HttpError(404, 'no such user');
        response.json(user);
      },
    ],
    'GET /api/products': [
      async ({ query }, response) => {
        response.json({ products: await catalogue.products(pageOf(query)) });
      },
    ],
    'POST /api/orders': [
      readJson(),
      async (request, response) => {
        const order = { id: randomUUID(), ...parseBody(request, orderSchema) };
        const valueCents = await addOrder(database, order.id, 'recorded', order);
        describeRequest(response, orderAttributes(order, valueCents));
        response.status(201).json({ ...order, state: 'recorded', valueCents });
      },
    ],
    'GET /api/orders/:id': [
      async ({ params }, response) => {
        const order = await findOrder(database, String(params.id));
        if (!order) throw new HttpError(404, 'no such order');
        response.json(order);
      },
    ],
    'POST /api/checkouts': [
      readJson(),
      async (request, response) => {
        const key = idempotencyKeyOf(request);
        const order = parseBody(request, orderSchema);
        const { orderId, valueCents } = await placeOrder({ key, order });
        if (valueCents !== undefined) describeRequest(response, orderAttributes(order, valueCents));
        response.status(202).json({ orderId });
      },
    ],
    'POST /api/documents': [
      readJson(),
      async (request, response) => {
        const document = parseBody(request, documentSchema);
        const id = randomUUID();
        const processed = await dispatch(document);
        await addDocument(database, id, document);
        response.status(201).json({ id, ...processed });
      },
    ],
  };
  const limit = limitInFlight(MOST_IN_FLIGHT);
  const synthetic = markSynthetic(probeKey);
  const tokenRequired = requireToken(identity, pseudonymKey);
  // Documents are what costs most and can best be ordered again.
  const shed = shedLoad({ share: shedShare, random });
  return STOREFRONT_ROUTES.map(({ method, route }) => ({
    method,
    route,
    handlers: [
      limit,
      synthetic,
      ...(route === '/api/documents' ? [shed] : []),
      tokenRequired,
      ...handlers[`${method} ${route}` as RouteKey],
    ],
  }));
}

const orderAttributes = ({ items }: OrderRequest, valueCents: number) => ({
  [WIDE_EVENT.orderValue]: valueCents / 100,
  [WIDE_EVENT.cartItems]: items.reduce((sum, { quantity }) => sum + quantity, 0),
});
