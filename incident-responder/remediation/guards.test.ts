import { expect, it } from 'vitest';
import type { ActionRun } from './action.ts';
import { type ActionDefinition, actionDefinitionSchema } from './action-definition.ts';
import { objectionTo } from './guards.ts';

const MINUTE_MS = 60_000;
const nowMs = 100 * MINUTE_MS;
const action: ActionDefinition = {
  ...actionDefinitionSchema.parse({
    title: 'Any',
    class: 'SAFE',
    match: { alerts: ['A'] },
    command: { kind: 'set-flag', flag: 'f', variant: 'off' },
    verification: { query: 'up', within: '1m' },
    rollback: 'restore',
    limits: { perHour: 5 },
  }),
  name: 'any',
};
let id = 0;
const run = (state: ActionRun['state'], minutesAgo: number, more: Partial<ActionRun> = {}): ActionRun => {
  const atMs = nowMs - minutesAgo * MINUTE_MS;
  id += 1;
  return {
    id,
    incidentId: 1000 + id,
    action: 'any',
    title: '',
    class: 'SAFE',
    mode: 'live',
    state,
    reason: '',
    confidence: 1,
    parameters: {},
    command: '',
    verification: { query: '', outcome: null },
    approvals: [],
    createdAtMs: atMs,
    dueAtMs: null,
    startedAtMs: atMs,
    endedAtMs: atMs,
    ...more,
  };
};
const ask = (runs: ActionRun[], confidence = 0.9) =>
  objectionTo({ action, incidentId: 1, confidence, runs, nowMs });

it('waits for another action of its incident, but not for what an assistant has only proposed', () => {
  const proposed = run('proposed', 1, { incidentId: 1, startedAtMs: null, endedAtMs: null });
  expect(ask([proposed])).toMatchObject({ kind: 'wait' });
  expect(ask([{ ...proposed, proposedBy: 'assistant' }])).toBeUndefined();
  expect(ask([{ ...proposed, proposedBy: 'assistant', state: 'approved' }])).toMatchObject({ kind: 'wait' });
});

it('three failures within 15 minutes open the circuit breaker, and it closes again', () => {
  const failures = [run('rolled-back', 14), run('rollback-failed', 5), run('rolled-back', 1)];
  expect(ask(failures)).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('circuit breaker') });
  expect(ask(failures.slice(1))).toBeUndefined();
  expect(ask([run('rolled-back', 16), ...failures.slice(1)])).toBeUndefined();
  expect(ask(failures.map((each) => ({ ...each, action: 'another' })))).toBeUndefined();
});

it('an action runs so often an hour, and all together ten times', () => {
  const five = Array.from({ length: 5 }, () => run('succeeded', 30));
  expect(ask(five)).toMatchObject({ reason: expect.stringContaining('rate limit: 5') });
  expect(ask(five.slice(1))).toBeUndefined();
  const ofOthers = Array.from({ length: 10 }, () => run('succeeded', 30, { action: 'another' }));
  expect(ask(ofOthers)).toMatchObject({ reason: expect.stringContaining('all actions') });
});

it('an incident has one action at a time', () => {
  expect(ask([run('verifying', 1, { incidentId: 1 })])).toMatchObject({ kind: 'wait' });
  expect(ask([run('verifying', 1, { incidentId: 2 })])).toBeUndefined();
  expect(ask([run('succeeded', 1, { incidentId: 1 })])).toBeUndefined();
});

it('nothing is done below 80 % confidence', () => {
  expect(ask([], 0.79)).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('80 %') });
  expect(ask([], 0.8)).toBeUndefined();
});
