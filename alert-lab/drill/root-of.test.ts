import { expect, it } from 'vitest';
import { rootIs } from './root-of.ts';
import type { RunningStack } from './running-stack.ts';

const stack = (confidence: number) =>
  ({
    incident: async () => ({
      hypotheses: [
        {
          cause: 'instance',
          service: 'fulfillment',
          instance: 'fulfillment-4',
          summary: 'It leaks.',
          confidence,
        },
      ],
      alerts: [{ labels: { alertname: 'Anomaly', rule: 'requests' } }],
    }),
  }) as unknown as RunningStack;
const leaking = { cause: 'instance', service: 'fulfillment', instance: 'fulfillment-4' };

it('the root is the expected one once the responder is sure of it', async () => {
  expect(await rootIs(stack(0.8), 1, leaking)).toBe(true);
});

it('another root, or one that is not sure, is told with the alerts it was found by', async () => {
  await expect(rootIs(stack(0.79), 1, leaking)).rejects.toThrow(
    'the root is It leaks. (79 %); alerts: Anomaly requests',
  );
  for (const other of [{ cause: 'service' }, { service: 'identity' }, { instance: 'fulfillment-1' }])
    await expect(rootIs(stack(0.9), 1, { ...leaking, ...other })).rejects.toThrow('the root is');
});
