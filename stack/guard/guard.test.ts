import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { HttpServer } from '@aiops-sre/service-kit/http/http-server.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type GuardOptions, startGuard } from './guard.ts';
import type { RefusalReason } from './refusal.ts';
import { LOKI_ROUTES, TEMPO_ROUTES } from './routes.ts';

interface Taken {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

let folder: string;
let taken: Taken[];
let cutOff: number;
let respond: (response: ServerResponse) => void;
const closing: (() => Promise<unknown>)[] = [];
const refused = vi.fn<(reason: RefusalReason) => void>();

/** What stands behind, on a Unix socket. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guard-'));
  taken = [];
  cutOff = 0;
  respond = (response) => response.end('fine');
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      cutOff += 1;
      return;
    }
    const { method, url, headers } = incoming;
    taken.push({ method, url, headers, body: Buffer.concat(chunks) });
    respond(response);
  }).listen(join(folder, 'socket'));
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
});
afterEach(async () => {
  refused.mockReset();
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

async function guard(options: Partial<GuardOptions> = {}): Promise<HttpServer> {
  const started = await startGuard({
    name: 'loki',
    upstream: { socketPath: join(folder, 'socket') },
    routes: LOKI_ROUTES,
    host: '127.0.0.1',
    port: 0,
    names: [],
    onRefused: refused,
    ...options,
  });
  closing.push(() => started.close(0));
  return started;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
}

function ask({ port }: { readonly port: number }, path: string, { method, headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number | undefined; headers: IncomingMessage['headers']; text: string }>(
    (resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port, path, method: method ?? (body ? 'POST' : 'GET'), headers },
        async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve({ status: response.statusCode, headers: response.headers, text });
        },
      );
      outgoing.on('error', reject).end(body);
    },
  );
}

const QUERY = '/loki/api/v1/query_range?query=%7Ba%3D%22b%22%7D';
const PUSH = '/otlp/v1/logs';

describe('a guard', () => {
  test('hands on what is asked for, as it came, and the answer, without its permissions for other sites', async () => {
    respond = (response) =>
      response.writeHead(418, { 'access-control-allow-origin': '*', 'x-of-loki': '1' }).end('lines');
    const answer = await ask(await guard(), QUERY, { headers: { 'x-scope': 'a', authorization: 'Basic x' } });
    expect(answer).toMatchObject({ status: 418, text: 'lines', headers: { 'x-of-loki': '1' } });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(answer.headers['x-frame-options']).toBe('DENY');
    expect(taken).toMatchObject([{ method: 'GET', url: QUERY, headers: { 'x-scope': 'a', host: 'loki' } }]);
    expect(taken[0]?.headers).not.toHaveProperty('authorization');
  });

  test.each([
    ['plain', {}, Buffer.from('lines')],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync('lines')],
  ])('hands on a %s push byte by byte', async (_what, headers, body) => {
    expect((await ask(await guard(), PUSH, { headers, body })).status).toBe(200);
    expect(taken[0]?.body).toEqual(body);
  });

  test.each([
    '/shutdown',
    '/flush',
    '/ingester/shutdown',
    '/ingester/prepare_shutdown',
    '/loki/api/v1/delete',
    '/loki/api/v1/push',
    '/config',
    '/debug/pprof/heap',
    '/loki/api/v1/query/../../../../flush',
    '/loki/api/v1/label/../values',
    '/loki/api/v1/label/%2e%2e/values',
    '//flush',
    '/ready/',
    'http://127.0.0.1/flush',
  ])('does not let %s through', async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
      expect((await ask(await guard(), path, { method })).status).toBe(404);
    expect(taken).toEqual([]);
    expect(refused).toHaveBeenCalledWith('path');
  });

  test('tells the tenant it is of, whatever who asks says', async () => {
    await ask(await guard({ tenant: 'platform' }), QUERY, { headers: { 'X-Scope-OrgID': 'another' } });
    expect(taken[0]?.headers['x-scope-orgid']).toBe('platform');
  });

  test('does not let a method through that its path is not asked with', async () => {
    const { status, headers } = await ask(await guard({ routes: TEMPO_ROUTES }), '/api/search', {
      method: 'POST',
    });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET' });
  });

  test('answers to no name but its own', async () => {
    const running = await guard({ names: ['guard'] });
    const statusFor = async (host: string) => (await ask(running, QUERY, { headers: { host } })).status;
    expect(await statusFor('guard:3100')).toBe(200);
    expect(await statusFor('evil.example:3100')).toBe(421);
    expect(taken).toHaveLength(1);
  });

  test.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
  ])('refuses what a page of another site asks: %o', async (headers) => {
    expect((await ask(await guard(), QUERY, { headers })).status).toBe(403);
    expect(taken).toEqual([]);
  });

  test('follows a link of another site into a tab of its own', async () => {
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await ask(await guard(), QUERY, { headers })).status).toBe(200);
  });
});

describe('a body', () => {
  const limits = { maxBodyBytes: 20_000, maxInflatedBytes: 100_000 };

  test('that is too large is refused, told beforehand or not', async () => {
    const running = await guard({ limits });
    const body = Buffer.alloc(30_000, 1);
    expect((await ask(running, PUSH, { body })).status).toBe(413);
    const chunked = { 'transfer-encoding': 'chunked' };
    expect((await ask(running, PUSH, { body, headers: chunked })).status).toBe(413);
    expect(taken).toEqual([]);
  });

  test('that inflates to too much is refused, and never taken for a whole', async () => {
    const body = gzipSync(Buffer.alloc(10_000_000));
    expect(body.length).toBeLessThan(limits.maxBodyBytes);
    const headers = { 'content-encoding': 'gzip' };
    expect((await ask(await guard({ limits }), PUSH, { body, headers })).status).toBe(413);
    expect(taken).toEqual([]);
    expect(refused).toHaveBeenCalledWith('size');
  });

  test('that is no gzip, or of another encoding, is refused', async () => {
    const running = await guard();
    const statusWith = async (encoding: string) =>
      (await ask(running, PUSH, { body: 'lines', headers: { 'content-encoding': encoding } })).status;
    expect(await statusWith('gzip')).toBe(400);
    expect(await statusWith('zstd')).toBe(415);
    expect(await statusWith('gzip, gzip')).toBe(415);
    expect(taken).toEqual([]);
  });

  test('whose sender goes away in the middle is never taken for a whole', async () => {
    const { port } = await guard();
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST ${PUSH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf`);
    await vi.waitFor(() => expect(socket.bytesWritten).toBeGreaterThan(50));
    await new Promise((done) => setTimeout(done, 50));
    socket.destroy();
    await vi.waitFor(() => expect(cutOff).toBe(1));
    expect(taken).toEqual([]);
  });
});

describe('what stands behind', () => {
  test('is 503 while it is away, so that a sender tries again', async () => {
    const away = await guard({ upstream: { socketPath: join(folder, 'nobody') } });
    expect((await ask(away, QUERY)).status).toBe(503);
    expect((await ask(away, PUSH, { body: 'lines' })).status).toBe(503);
  });

  test('is 504 where it does not answer in time', async () => {
    respond = () => {};
    expect((await ask(await guard({ limits: { answerTimeoutMs: 100 } }), QUERY)).status).toBe(504);
  });

  test('is asked no more than so many things at once', async () => {
    const held: ServerResponse[] = [];
    respond = (response) => held.push(response);
    const running = await guard({ limits: { concurrency: 2 } });
    const first = [ask(running, QUERY), ask(running, QUERY)];
    await vi.waitFor(() => expect(held).toHaveLength(2));
    expect((await ask(running, QUERY)).status).toBe(503);
    for (const response of held) response.end();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test('can be a port', async () => {
    const server = createServer((_request, response) => response.end('by a port')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(async () => server.close());
    const { port } = server.address() as AddressInfo;
    expect((await ask(await guard({ upstream: { host: '127.0.0.1', port } }), QUERY)).text).toBe('by a port');
  });
});
