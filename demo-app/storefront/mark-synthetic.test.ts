import { PROBE_KEY_HEADER } from '@aiops-sre/conventions/probe.ts';
import { expect, it } from 'vitest';
import { startService } from '../testing/running-service.ts';
import { markSynthetic } from './mark-synthetic.ts';

const KEY = 'the-probe-key-of-this-test';

it.each([
  ['who shows the probe key', KEY, KEY, 'test'],
  ['not who shows another', KEY, 'something-else-instead', undefined],
  ['nobody where there is none', undefined, KEY, undefined],
])('marks %s', async (_case, probeKey, shown, mark) => {
  await using service = await startService({
    api: () => [
      {
        method: 'GET',
        route: '/api/things',
        handlers: [markSynthetic(probeKey), (_request, response) => void response.json({})],
      },
    ],
  });
  await service.client.get('/api/things', { headers: { [PROBE_KEY_HEADER]: shown } });
  expect(service.log.at(-1)).toMatchObject({ event: 'request', status: 200 });
  expect(service.log.at(-1)!['user_agent.synthetic.type']).toBe(mark);
});
