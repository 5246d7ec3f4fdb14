import { expect, it } from 'vitest';
import { startService } from '../testing/running-service.ts';
import { shedLoad } from './shed-load.ts';

it('the share of requests that the flag names is turned away with 429, at once with the flag', async () => {
  let share = 0;
  const randoms = [0.2, 0.4];
  let calls = 0;
  const shed = shedLoad({ share: async () => share, random: () => randoms[calls++ % 2]! });
  await using service = await startService({
    api: () => [
      { method: 'GET', route: '/api/x', handlers: [shed, (_request, response) => void response.json({})] },
    ],
  });
  const statuses = async () => {
    const ask = () => service.client.get('/api/x', { validateStatus: () => true });
    return [(await ask()).status, (await ask()).status];
  };
  expect(await statuses()).toEqual([200, 200]);
  share = 0.33;
  expect(await statuses()).toEqual([429, 200]);
  share = 1;
  expect(await statuses()).toEqual([429, 429]);
});
