import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ServiceHealth, watch } from './watch.ts';

describe('a watched service', () => {
  const abort = new AbortController();
  const servers: Server[] = [];
  afterEach(() => {
    abort.abort();
    for (const server of servers) server.close();
  });

  test('is ready when it answers 200, and is not when it answers otherwise or nothing', async () => {
    let status = 503;
    const server = createServer((_request, response) => {
      response.statusCode = status;
      if (status !== 0) response.end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const changes: [string, Pick<ServiceHealth, 'ready' | 'reason'>][] = [];
    const found = watch({
      targets: [
        { service: 'tempo', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ready` },
        { service: 'nobody', url: 'http://127.0.0.1:1/' },
      ],
      intervalMs: 10,
      timeoutMs: 100,
      signal: abort.signal,
      onChange: (service, { ready, reason }) =>
        changes.push([service, { ready, ...(reason !== undefined && { reason }) }]),
    });

    await vi.waitFor(() => expect(found.get('tempo')?.reason).toBe('answered 503'));
    await vi.waitFor(() =>
      expect(found.get('nobody')).toMatchObject({ ready: false, reason: 'ECONNREFUSED' }),
    );
    status = 200;
    await vi.waitFor(() => expect(found.get('tempo')?.ready).toBe(true));
    status = 0;
    await vi.waitFor(() => expect(found.get('tempo')?.reason).toBe('no answer within 100 ms'));
    expect(changes.filter(([service]) => service === 'tempo')).toEqual([
      ['tempo', { ready: false, reason: 'answered 503' }],
      ['tempo', { ready: true }],
      ['tempo', { ready: false, reason: 'no answer within 100 ms' }],
    ]);
  });
});
