import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { expect, it } from 'vitest';
import type { Incident } from '../incidents/incident.ts';
import { linesAround } from './lines-around.ts';

const STARTED_SECONDS = 1_700_000_000;

it('errors and the rest of what alerts and what may be the root are read, a bounded number, until a quarter of an hour after', async () => {
  const asked: Record<string, unknown>[] = [];
  const loki: Pick<BackendClient, 'json'> = {
    async json({ parameters = {} }, schema) {
      asked.push(parameters);
      const stream = { service_name: 'shop', detected_level: 'error' };
      return schema.parse({ data: { result: [{ stream, values: [['1', 'boom']] }] } });
    },
  };
  const incident = {
    startedAtMs: STARTED_SECONDS * 1000,
    services: ['shop', 'a.b|"c'],
    hypotheses: [{ service: 'identity' }, { service: 'shop' }],
  } as unknown as Incident;
  const lines = await linesAround(loki as BackendClient)(incident);
  expect(lines[0]).toMatchObject({ service: 'shop', level: 'error', text: 'boom' });
  for (const { query, start, end } of asked) {
    expect(query).toMatch(/^\{service_name=~"shop\|a\\\\\.b\\\\\|\\"c\|identity"\} \| detected_level[=!]~/);
    expect([Number(start) >= STARTED_SECONDS - 120, Number(end) <= STARTED_SECONDS + 900]).toEqual([
      true,
      true,
    ]);
  }
  expect(asked.reduce((sum, { limit }) => sum + Number(limit), 0)).toBe(2400);
});
