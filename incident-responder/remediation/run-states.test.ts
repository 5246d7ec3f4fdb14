import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../store/database.ts';
import { ActionRunStore } from './action-run-store.ts';
import { FIRST_STATES, NEXT_STATES, RUN_STATES, type RunState, UNFINISHED_STATES } from './run-states.ts';

let folder: string;
let database: ReturnType<typeof openDatabase>;
let runs: ActionRunStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-states-'));
  database = openDatabase(folder);
  runs = new ActionRunStore({ database });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const run = (state: RunState) =>
  ({
    incidentId: 1,
    action: 'switch-off',
    title: 'Switch it off',
    class: 'SAFE',
    mode: 'live',
    state,
    reason: 'begun',
    confidence: 1,
    parameters: {},
    command: 'set flag x to off',
    verification: { query: 'x', outcome: null },
    approvals: [],
    createdAtMs: 0,
    dueAtMs: null,
    startedAtMs: null,
    endedAtMs: null,
  }) as const;
const anyState = fc.constantFrom(...RUN_STATES);

it('no step but those of the table can be written, whatever is asked for in whatever order', () => {
  fc.assert(
    fc.property(fc.constantFrom(...FIRST_STATES), fc.array(anyState, { maxLength: 12 }), (first, wanted) => {
      let { id, state } = runs.add(run(first));
      for (const next of wanted) {
        const allowed: readonly RunState[] = NEXT_STATES[state];
        if (allowed.includes(next)) state = runs.change(id, { state: next }).state;
        else expect(() => runs.change(id, { state: next })).toThrow(`${next} may not follow ${state}`);
        expect(runs.get(id)?.state).toBe(state);
      }
      expect(runs.unfinished().some((each) => each.id === id)).toBe(UNFINISHED_STATES.includes(state));
    }),
    { seed: 1, numRuns: 200 },
  );
});

it('a run begins in no state that something has to come before', () => {
  for (const state of RUN_STATES)
    if (FIRST_STATES.includes(state)) expect(runs.add(run(state)).state).toBe(state);
    else expect(() => runs.add(run(state))).toThrow('expected a first state');
});

it('from every state an end can be reached', () => {
  const ends = (state: RunState, seen: readonly RunState[] = []): boolean =>
    NEXT_STATES[state].length === 0 ||
    (NEXT_STATES[state] as readonly RunState[]).some(
      (next) => !seen.includes(next) && ends(next, [...seen, state]),
    );
  expect(RUN_STATES.filter((state) => !ends(state))).toEqual([]);
});
