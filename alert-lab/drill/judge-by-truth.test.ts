import { expect, it } from 'vitest';
import { judgeByTruth } from './judge-by-truth.ts';
import type { RunningStack } from './running-stack.ts';

const truth = { cause: ['flag-change'], service: ['identity'], actions: ['flag-off'] };

/** What is said of an incident with this root and these runs. */
async function verdicts(
  root: { cause: string; service: string; instance?: string } | undefined,
  runs: { action: string; startedAt: string | null; endedAt: string | null }[] = [],
) {
  const said: string[] = [];
  const stack = {
    incident: async () => ({ hypotheses: root === undefined ? [] : [{ instance: null, ...root }] }),
    actionRuns: async () => runs.map((run, id) => ({ id, ...run })),
    judge: async (what: string, id: number, verdict: string) => void said.push(`${what} ${id} ${verdict}`),
  };
  await judgeByTruth(stack as unknown as RunningStack, 7, truth);
  return said;
}

it('finds a root right that is of the service and of the kind', async () => {
  expect(await verdicts({ cause: 'flag-change', service: 'identity' })).toEqual(['incidents 7 right']);
  expect(await verdicts({ cause: 'service', service: 'identity' })).toEqual(['incidents 7 wrong']);
  expect(await verdicts({ cause: 'flag-change', service: 'storefront' })).toEqual(['incidents 7 wrong']);
  expect(await verdicts(undefined)).toEqual([]);
});

it('finds every action wrong that does not help, and says nothing of what was not done or is not over', async () => {
  const at = '2026-03-01T10:00:00Z';
  const runs = [
    { action: 'flag-off', startedAt: at, endedAt: at },
    { action: 'restart', startedAt: at, endedAt: at },
    { action: 'restart', startedAt: null, endedAt: at },
    { action: 'flag-off', startedAt: at, endedAt: null },
  ];
  expect(await verdicts(undefined, runs)).toEqual(['actions 0 right', 'actions 1 wrong']);
});
