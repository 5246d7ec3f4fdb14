import { expect, it } from 'vitest';
import { actionOf } from './action-of.ts';
import { incidentWith } from './incident-with.ts';
import type { RunningStack } from './running-stack.ts';

const ZERO_MS = Date.parse('2026-03-01T10:00:00Z');
const stack = (more: object) => more as unknown as RunningStack;
const runs = (...states: string[]) =>
  stack({
    actionRuns: async () => states.map((state, id) => ({ id, action: 'restart', state, reason: 'so' })),
  });

it('the latest run of an action counts, once it is in a state that is waited for', async () => {
  expect(await actionOf(runs('succeeded', 'refused'), 1, 'restart', ['succeeded'])).toMatchObject({ id: 0 });
  expect(await actionOf(runs('executing'), 1, 'restart', ['succeeded'])).toBeUndefined();
});

it('an action that was refused, or not considered, says so', async () => {
  await expect(actionOf(runs('refused'), 1, 'restart', ['succeeded'])).rejects.toThrow(
    'restart is refused: so',
  );
  await expect(actionOf(runs(), 1, 'restart', ['succeeded'])).rejects.toThrow('restart was not considered');
});

it('an incident is found by an alert that fires and began since; not by older ones, nor once it resolved', async () => {
  const alert = (startsAt: string, status = 'firing') => ({
    status,
    startsAt,
    labels: { alertname: 'Anomaly' },
  });
  const alerts: Record<number, object[]> = {
    4: [alert('2026-03-01T10:01:00Z')],
    3: [alert('2026-03-01T09:00:00Z')],
    2: [alert('2026-03-01T10:01:00Z', 'resolved')],
    1: [alert('2026-03-01T10:02:00Z')],
  };
  const found = await incidentWith(
    stack({
      incidents: async () =>
        [4, 3, 2, 1].map((id) => ({ id, status: id === 4 ? 'resolved' : id === 1 ? 'mitigated' : 'open' })),
      incident: async (id: number) => ({ alerts: alerts[id] }),
    }),
    ZERO_MS,
    ({ labels }) => labels.alertname === 'Anomaly',
  );
  expect(found).toMatchObject({ id: 1 });
});
