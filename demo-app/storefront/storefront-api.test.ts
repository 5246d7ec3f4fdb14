import { connect } from 'node:net';
import { listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BODY_LIMIT_BYTES } from '../http/json-body.ts';
import { createJsonClient } from '../http/json-client.ts';
import { type RunningService, requestsSeries, startService } from '../testing/running-service.ts';
import { startShopDatabase } from '../testing/shop-database.ts';
import { storefrontApi } from './storefront-api.ts';

/** What stands in for a service behind the storefront: each request is answered by the current `answer`. */
async function startStub(status: number, body: unknown) {
  const stub = {
    status,
    body,
    hang: false,
    requests: [] as string[],
    url: '',
    [Symbol.asyncDispose]: async () => {},
  };
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    async handler(request, response) {
      let received = '';
      for await (const chunk of request) received += chunk;
      stub.requests.push(received);
      if (stub.hang) return;
      response.writeHead(stub.status, { 'content-type': 'application/json' }).end(JSON.stringify(stub.body));
    },
  });
  stub.url = server.url;
  stub[Symbol.asyncDispose] = async () => {
    await server.close(0);
  };
  return stub;
}

type Stub = Awaited<ReturnType<typeof startStub>>;

let shop: Awaited<ReturnType<typeof startShopDatabase>>;
let identity: Stub;
let fulfillment: Stub[];
let storefront: RunningService;
let accountsOneByOne: boolean;
let queued: number;

beforeAll(async () => {
  shop = await startShopDatabase();
});
afterAll(() => shop[Symbol.asyncDispose]());

beforeEach(async () => {
  identity = await startStub(200, { active: true });
  fulfillment = [
    await startStub(200, { status: 'processed' }),
    await startStub(200, { status: 'processed' }),
  ];
  accountsOneByOne = false;
  queued = 0;
  storefront = await startService({
    api: () =>
      storefrontApi({
        database: shop.database,
        queue: {
          async send() {
            queued += 1;
          },
        },
        isAccountsOneByOne: async () => accountsOneByOne,
        identity: createJsonClient({ baseUrl: identity.url, timeoutMs: 150 }),
        fulfillment: fulfillment.map(({ url }) => createJsonClient({ baseUrl: url, timeoutMs: 150 })),
      }),
  });
});

afterEach(async () => {
  for (const running of [storefront, identity, ...fulfillment]) await running[Symbol.asyncDispose]();
});

const ORDER = { userId: 'user-1', items: [{ productId: 'product-2', quantity: 3 }] };

describe('routes', () => {
  it('list users and products', async () => {
    expect((await storefront.client.get('/api/users')).data.users).toHaveLength(20);
    expect((await storefront.client.get('/api/products')).data.products[0]).toMatchObject({
      id: 'product-1',
    });
  });

  it('list users with their accounts, asked for one by one, where the flag says so', async () => {
    accountsOneByOne = true;
    const { users } = (await storefront.client.get('/api/users')).data;
    expect(users[19]).toMatchObject({ id: 'user-20', active: true });
    expect(identity.requests).toHaveLength(1 + 20);
  });

  it.each([
    ['?limit=3', ['product-1', 'product-2', 'product-3']],
    ['?limit=2&after=product-99998', ['product-99999', 'product-100000']],
    ['?after=product-100000', []],
  ])('list products in parts: %s', async (query, ids) => {
    const { products } = (await storefront.client.get(`/api/products${query}`)).data;
    expect(products.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  it.each(['?limit=0', '?limit=101', '?limit=ten', '?limit=1&limit=2', '?after=first'])(
    'refuse the part %s of a list',
    async (query) => {
      expect((await storefront.client.get(`/api/users${query}`)).status).toBe(400);
    },
  );

  it('give one user, and 404 for an unknown one', async () => {
    expect((await storefront.client.get('/api/users/user-3')).data).toMatchObject({ id: 'user-3' });
    expect(await storefront.client.get('/api/users/nobody')).toMatchObject({
      status: 404,
      data: { error: 'no such user' },
    });
  });

  it('take an order that can be fetched afterwards', async () => {
    const created = await storefront.client.post('/api/orders', ORDER);
    expect(created.status).toBe(201);
    expect(created.data).toEqual({ ...ORDER, id: created.data.id, state: 'recorded', valueCents: 3 * 2758 });
    expect((await storefront.client.get(`/api/orders/${created.data.id}`)).data).toEqual(created.data);
  });

  it('have sample orders from the start, and 404 for an unknown one', async () => {
    expect((await storefront.client.get('/api/orders/order-100000')).status).toBe(200);
    expect(await storefront.client.get('/api/orders/lost')).toMatchObject({
      status: 404,
      data: { error: 'no such order' },
    });
  });
});

describe('a checkout', () => {
  const place = (body: unknown, key?: string) =>
    storefront.client.post('/api/checkouts', body, { headers: key ? { 'Idempotency-Key': key } : {} });

  it('is taken on with its first job, once for a key', async () => {
    const first = await place(ORDER, 'key-1');
    expect(first).toMatchObject({ status: 202, data: { orderId: expect.any(String) } });
    expect(await place(ORDER, 'key-1')).toMatchObject({ status: 202, data: first.data });
    expect(await place({ ...ORDER, userId: 'user-2' }, 'key-1')).toMatchObject({
      status: 422,
      data: { error: 'Idempotency-Key: was used for another order' },
    });
    expect(queued).toBe(1);
    expect(storefront.log).toContainEqual(
      expect.objectContaining({ route: '/api/checkouts', 'shop.order.value': 82.74, 'shop.cart.items': 3 }),
    );
    expect((await storefront.client.get(`/api/orders/${first.data.orderId}`)).data).toMatchObject({
      ...ORDER,
      state: 'placed',
    });
  });

  it.each([
    ['no key', ORDER, undefined, /^Idempotency-Key/],
    [
      'a negative quantity',
      { ...ORDER, items: [{ productId: 'product-1', quantity: -1 }] },
      'key-2',
      /quantity/,
    ],
    [
      'a huge quantity',
      { ...ORDER, items: [{ productId: 'product-1', quantity: 1e9 }] },
      'key-3',
      /quantity/,
    ],
    [
      'an unknown product',
      { ...ORDER, items: [{ productId: 'x', quantity: 1 }] },
      'key-4',
      /no such product/,
    ],
  ])('with %s is refused, and the key stays free', async (_, body, key, reason) => {
    expect(await place(body, key)).toMatchObject({
      status: 400,
      data: { error: expect.stringMatching(reason) },
    });
    expect(queued).toBe(0);
    if (key) expect((await place(ORDER, key)).status).toBe(202);
  });
});

describe('malformed input', () => {
  it.each([
    ['no JSON', '{"userId"', 400, 'body: expected JSON'],
    ['an empty body', '', 400, /^body/],
    ['an array', '[]', 400, /^body/],
    ['no JSON object', '42', 400, 'body: expected JSON'],
    ['an unknown user', JSON.stringify({ ...ORDER, userId: 'x' }), 400, 'body.userId: no such user'],
    [
      'an unknown product',
      JSON.stringify({ ...ORDER, items: [...ORDER.items, { productId: 'product-x', quantity: 1 }] }),
      400,
      'body.items[1].productId: no such product',
    ],
    [
      'a user that no text can hold',
      JSON.stringify({ ...ORDER, userId: 'user-1\u0000' }),
      400,
      /^body\.userId/,
    ],
    ['no items', JSON.stringify({ ...ORDER, items: [] }), 400, /^body\.items/],
    [
      'a quantity of 0',
      JSON.stringify({ ...ORDER, items: [{ productId: 'product-1', quantity: 0 }] }),
      400,
      /^body\.items\[0\]\.quantity/,
    ],
    ['an unknown field', JSON.stringify({ ...ORDER, admin: true }), 400, /admin/],
    ['too much', JSON.stringify({ pad: 'x'.repeat(BODY_LIMIT_BYTES) }), 413, 'body: too large'],
  ])('%s is answered with a reason', async (_case, body, status, reason) => {
    const answer = await storefront.client.post('/api/orders', body, {
      headers: { 'content-type': 'application/json' },
      transformRequest: (data) => data,
    });
    expect(answer.status).toBe(status);
    expect(answer.data.error).toMatch(reason);
    expect(await storefront.sample(requestsSeries('POST', '/api/orders', '4xx'))).toBe(1);
  });

  it.each([
    ['a broken escape in the path', 'GET /api/users/%E0%A4%A HTTP/1.1', 400],
    ['an id that no text can hold', 'GET /api/orders/%00 HTTP/1.1', 400],
    ['an unknown path', 'GET /api/secrets HTTP/1.1', 404],
    ['a method a route does not have', 'DELETE /api/users HTTP/1.1', 404],
    [
      'a compressed body that is none',
      'POST /api/orders HTTP/1.1\r\ncontent-encoding: gzip\r\ncontent-length: 2',
      400,
    ],
    ['an unknown encoding', 'POST /api/orders HTTP/1.1\r\ncontent-encoding: weird\r\ncontent-length: 2', 415],
    [
      'an unknown charset',
      'POST /api/orders HTTP/1.1\r\ncontent-type: text/json;charset=weird\r\ncontent-length: 2',
      415,
    ],
  ])("%s is the client's error, never a 500", async (_case, head, status) => {
    expect(await rawStatus(`${head}\r\nhost: localhost\r\nconnection: close\r\n\r\n{}`)).toBe(status);
  });

  it('counts HEAD as the GET it is served by', async () => {
    await storefront.client.head('/api/products');
    expect(await storefront.sample(requestsSeries('GET', '/api/products', '2xx'))).toBe(1);
  });

  it('counts what no route matched as one bounded label set', async () => {
    await storefront.client.get('/api/secrets/1');
    await storefront.client.request({ method: 'DELETE', url: '/api/secrets/2' });
    expect(await storefront.sample(requestsSeries('other', 'unmatched', '4xx'))).toBe(2);
  });
});

describe('the token check', () => {
  it('is asked for every request, with the bearer token', async () => {
    await storefront.client.get('/api/products', { headers: { authorization: 'Bearer demo-1' } });
    await storefront.client.get('/api/users');
    expect(identity.requests.map((body) => JSON.parse(body))).toEqual([{ token: 'demo-1' }, { token: '' }]);
  });

  it('turns away a token that identity does not know, and a header that is no bearer token', async () => {
    identity.body = { active: false };
    expect(
      (await storefront.client.get('/api/users', { headers: { authorization: 'Bearer bad' } })).status,
    ).toBe(401);
    expect(
      (await storefront.client.get('/api/users', { headers: { authorization: 'Basic eDp5' } })).status,
    ).toBe(401);
  });

  it.each([
    ['fails', () => Object.assign(identity, { status: 500 })],
    ['talks nonsense', () => Object.assign(identity, { body: 'yes' })],
    ['hangs', () => Object.assign(identity, { hang: true })],
    ['is down', () => identity[Symbol.asyncDispose]()],
  ])('is 503 when identity %s, counted as an error', async (_case, breakIdentity) => {
    await breakIdentity();
    const { status, data, headers } = await storefront.client.get('/api/users');
    expect({ status, data }).toEqual({ status: 503, data: { error: 'identity is not available' } });
    expect(headers['retry-after']).toBe('1');
    expect(await storefront.sample(requestsSeries('GET', '/api/users', '5xx'))).toBe(1);
    expect(storefront.log.filter(({ level }) => level === 50)).toHaveLength(1);
  });
});

describe('documents', () => {
  const post = () => storefront.client.post('/api/documents', { kind: 'invoice', pages: 2 });

  it('go to the instances in turn', async () => {
    expect((await post()).status).toBe(201);
    expect((await post()).status).toBe(201);
    expect(fulfillment.map(({ requests }) => requests.length)).toEqual([1, 1]);
  });

  it.each([
    ['fails', (stub: Stub) => Object.assign(stub, { status: 500 })],
    ['hangs', (stub: Stub) => Object.assign(stub, { hang: true })],
    ['is down', (stub: Stub) => stub[Symbol.asyncDispose]()],
  ])('reach the next instance when one %s', async (_case, breakStub) => {
    await breakStub(fulfillment[0]!);
    expect(await Promise.all([post(), post(), post()])).toEqual(
      Array(3).fill(expect.objectContaining({ status: 201 })),
    );
  });

  it('are 502 when all fail, after one retry', async () => {
    for (const stub of fulfillment) stub.status = 500;
    expect(await post()).toMatchObject({ status: 502, data: { error: 'fulfillment failed the document' } });
    expect(fulfillment.map(({ requests }) => requests.length)).toEqual([1, 1]);
  });

  it('are 503 when none answers', async () => {
    for (const stub of fulfillment) await stub[Symbol.asyncDispose]();
    expect(await post()).toMatchObject({ status: 503, data: { error: 'fulfillment is not available' } });
  });
});

describe('a client that leaves before the answer', () => {
  it("is not the server's error", async () => {
    identity.hang = true;
    const socket = connect(storefront.port, '127.0.0.1');
    socket.write('GET /api/products HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await vi.waitFor(() => expect(identity.requests).toHaveLength(1));
    socket.destroy();
    await vi.waitFor(async () =>
      expect(await storefront.sample(requestsSeries('GET', '/api/products', '4xx'))).toBe(1),
    );
    expect(await storefront.sample(requestsSeries('GET', '/api/products', '5xx'))).toBe(0);
    expect(storefront.log).toContainEqual(expect.objectContaining({ outcome: 'aborted', status: 499 }));
  });
});

/** The status of the answer to a request that no HTTP client would send. */
async function rawStatus(request: string): Promise<number> {
  const socket = connect(storefront.port, '127.0.0.1', () => socket.write(request));
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}
