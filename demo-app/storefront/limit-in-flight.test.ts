import { expect, it, vi } from 'vitest';
import { startService } from '../testing/running-service.ts';
import { limitInFlight } from './limit-in-flight.ts';

it('what comes while as many are at work is told to come again, until one is done or its visitor has left', async () => {
  const waiting: (() => void)[] = [];
  let isFast = false;
  await using service = await startService({
    api: () => [
      {
        method: 'GET',
        route: '/api/x',
        handlers: [
          limitInFlight(2),
          (_request, response) => {
            waiting.push(() => response.json({}));
            if (isFast) waiting.at(-1)!();
          },
        ],
      },
    ],
  });
  const leaving = new AbortController();
  const ask = (options = {}) => service.client.get('/api/x', options);
  const first = ask();
  const second = ask({ signal: leaving.signal }).catch(() => 'left');
  await vi.waitUntil(() => waiting.length === 2);
  const third = await ask();
  expect(third).toMatchObject({ status: 503, data: { error: 'too many requests at once: try again' } });
  expect(third.headers['retry-after']).toBe('1');

  waiting[0]!();
  expect((await first).status).toBe(200);
  const fourth = ask();
  await vi.waitUntil(() => waiting.length === 3);
  expect((await ask()).status).toBe(503);

  isFast = true;
  leaving.abort();
  expect(await second).toBe('left');
  await expect.poll(async () => (await ask()).status).toBe(200);
  waiting[2]!();
  expect((await fourth).status).toBe(200);
});
