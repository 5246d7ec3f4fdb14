import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { scriptedBackend } from '../testing/scripted-backend.ts';
import { type BackendOptions, createBackendClient } from './backend-client.ts';

const clientOf = ({ url }: { url: string }, options: Partial<BackendOptions> = {}) =>
  createBackendClient({ name: 'Tempo', url, timeoutMs: 2000, ...options });
const answer =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (_request: unknown, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
  };

describe('a request without a usable answer', () => {
  it.each([
    [
      'rejected',
      'HTTP 400, bad_data: parse error',
      answer(400, '{"status":"error","errorType":"bad_data","error":"parse error"}'),
    ],
    ['rejected', 'HTTP 404, no such trace', answer(404, 'no such trace\n')],
    ['server_error', 'HTTP 503, starting', answer(503, 'starting')],
    ['server_error', 'HTTP 429', answer(429, '')],
    ['server_error', 'HTTP 302', answer(302, '', { location: '/elsewhere' })],
    ['bad_answer', 'expected JSON, got "<html>"', answer(200, '<html>')],
    ['bad_answer', 'not an answer of its API: value: ', answer(200, '{"value":"1"}')],
    ['bad_answer', 'maxContentLength', answer(200, `{"value":1}${' '.repeat(2000)}`)],
    ['unreachable', '', (_request: unknown, response: ServerResponse) => void response.destroy()],
  ])('is %s: %s', async (kind, message, script) => {
    await using backend = await scriptedBackend(script);
    const schema = z.object({ value: z.number() });
    await expect(
      clientOf(backend, { maxAnswerBytes: 1000 }).json({ path: '/api' }, schema),
    ).rejects.toMatchObject({
      name: 'BackendError',
      kind,
      message: expect.stringMatching(new RegExp(`^Tempo at ${backend.url}/api: .*${message}`)),
    });
    expect(backend.requests).toHaveLength(1);
  });

  it.each([
    ['begins', () => {}],
    ['ends', (_request: unknown, response: ServerResponse) => void response.write('{')],
  ])('is a timeout where the answer never %s', async (_what, script) => {
    await using backend = await scriptedBackend(script);
    await expect(clientOf(backend, { timeoutMs: 50 }).text({ path: '/' })).rejects.toMatchObject({
      kind: 'timeout',
      message: `Tempo at ${backend.url}/: no answer within 50 ms`,
    });
  });

  it('is unreachable where nobody listens', async () => {
    const backend = await scriptedBackend(() => {});
    await backend[Symbol.asyncDispose]();
    await expect(clientOf(backend).text({ path: '/' })).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('ends with the reason of whoever gave it up', async () => {
    const stop = new AbortController();
    await using backend = await scriptedBackend(() => stop.abort(new Error('shutting down')));
    await expect(clientOf(backend).text({ path: '/', signal: stop.signal })).rejects.toThrow('shutting down');
  });
});

describe('a client', () => {
  it('sends its login along, and keeps it out of its errors', async () => {
    await using backend = await scriptedBackend(answer(401, ''));
    const client = clientOf(backend, { login: { username: 'platform', password: 'hidden' } });
    const error = await client.text({ path: '/' }).catch((thrown) => thrown);
    expect(backend.requests[0]?.authorization).toBe(
      `Basic ${Buffer.from('platform:hidden').toString('base64')}`,
    );
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hidden');
  });

  it('sends no more at once than it may, and all in the end', async () => {
    const open: ServerResponse[] = [];
    await using backend = await scriptedBackend((_request, response) => {
      open.push(response);
      if (backend.requests.length > 2) for (const each of open) each.end('done');
    });
    const client = clientOf(backend, { concurrency: 2 });
    const all = Promise.all([1, 2, 3].map(() => client.text({ path: '/' })));
    await expect.poll(() => open.length).toBe(2);
    open[0]?.end('first');
    expect(await all).toHaveLength(3);
  });

  it('asks under the path of its address, with lists as one name several times', async () => {
    await using backend = await scriptedBackend(answer(200, ''));
    await clientOf({ url: `${backend.url}/mimir/` }).text({
      path: '/api',
      parameters: { filter: ['a="b"', 'c'], limit: 2, none: undefined },
    });
    expect(backend.requests[0]).toMatchObject({
      method: 'GET',
      url: '/mimir/api?filter=a%3D%22b%22&filter=c&limit=2',
    });
  });
});

describe('attempts', () => {
  const schema = z.object({ value: z.number() });

  it('a component that is busy is asked again', async () => {
    let asked = 0;
    await using backend = await scriptedBackend((request, response) => {
      asked += 1;
      (asked < 3 ? answer(503, 'busy') : answer(200, '{"value":1}'))(request, response);
    });
    expect(await clientOf(backend, { attempts: 3 }).json({ path: '/api' }, schema)).toEqual({ value: 1 });
  });

  it('what the request itself is to blame for is not asked again', async () => {
    await using backend = await scriptedBackend(answer(400, 'parse error'));
    await expect(clientOf(backend, { attempts: 3 }).text({ path: '/api' })).rejects.toThrow('HTTP 400');
    expect(backend.requests).toHaveLength(1);
  });
});
