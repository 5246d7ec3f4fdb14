import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Stage } from './drill.ts';
import { playDrill } from './play-drill.ts';
import { readDrills } from './read-drills.ts';
import type { RunningStack } from './running-stack.ts';

const repository = join(import.meta.dirname, '..', '..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drills-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function drill(text: string) {
  writeFileSync(join(folder, 'mine.yaml'), text);
  return readDrills(folder)[0]!;
}

/** A stack where the flag leads to an alert at once, the action follows, and all is well when it is off again. */
function obedientStack(journal: string[]) {
  let variant = 'off';
  const alert = () => ({
    status: variant === 'on' ? 'firing' : 'resolved',
    startsAt: '2100-01-01T00:00:00Z',
    labels: { alertname: 'Mine', service: 'shop' },
  });
  return {
    requireRunning: async () => {},
    auditEntries: async () => [],
    auditVerdict: async () => ({ intact: true }),
    setFlag(flag: string, to: string) {
      const before = variant;
      variant = to;
      journal.push(`${flag} ${to}`);
      return before;
    },
    flag: () => variant,
    prometheus: { value: async () => (variant === 'on' ? 0.9 : 0.1) },
    incidents: async () => [{ id: 7, status: 'open' }],
    incident: async () => ({
      id: 7,
      status: variant === 'on' ? 'open' : 'resolved',
      alerts: [alert()],
      hypotheses: [{ cause: 'load', service: 'shop', instance: null, summary: '', confidence: 0.9 }],
    }),
    actionRuns: async () => [
      { id: 1, action: 'shed', state: 'succeeded', startedAt: '2026', endedAt: '2026', dueAt: null },
    ],
    judge: async (what: string, id: number, verdict: string) => void journal.push(`${what} ${id} ${verdict}`),
    postmortem: async () => '# Postmortem',
  } as unknown as RunningStack;
}

const MINE = `
description: more of everything
steps:
  - do: flag on
    setFlags: { more: 'on' }
  - expect: an alert
    by: 10s
    incidentWith: [{ alertname: Other }, { alertname: Mine, service: shop }]
    root: { cause: load, service: shop }
  - expect: too much
    within: 5s
    query: load
    is: '> 0.5'
    action: { name: shed, state: [succeeded] }
  - do: flag off
    resetFlags: [more]
  - expect: calm
    within: 5s
    query: load
    is: '< 0.5'
    resolved: alert
    flags: { more: 'off' }
    quiet: { alertname: Mine }
    postmortem: drafted
  - check: one action, once
    taken: { shed: 1 }
`;
const playOn = (stack: RunningStack, text: string) =>
  playDrill({ drill: drill(text), stack, onProgress: () => {}, signal: new AbortController().signal });

it('a drill is a file: its steps follow each other, each in its time, and flags are put back', async () => {
  const journal: string[] = [];
  const result = await playOn(obedientStack(journal), MINE);
  expect(result).toMatchObject({ drill: 'mine', passed: true, failure: null, incidentId: 7 });
  expect(result.milestones.map(({ what }) => what)).toEqual([
    'flag on',
    'an alert',
    'too much',
    'flag off',
    'calm',
    'one action, once',
  ]);
  expect(journal).toEqual([
    ...['more on', 'more off', 'more off'],
    // Its last steps say what is true.
    ...['incidents 7 right', 'actions 1 right'],
  ]);
});

it.each([
  ["is: '> 0.5'", "is: '> 0.95'", 'too much: not within'],
  ['alertname: Mine, service: shop', 'alertname: Mine, service: other', 'an alert: not within'],
  ['cause: load', 'cause: instance', 'an alert: not within 0 s .the root is'],
  ['taken: { shed: 1 }', 'taken: { shed: 0 }', 'shed: taken 1 times, expected 0'],
  ['taken: { shed: 1 }', 'nothingTaken: true', 'nothing was to act, but shed did'],
  ['taken: { shed: 1 }', 'delayed: [shed]', 'shed: begun 2026, before its delay ended'],
])('%s as %s fails it and says why', async (from, to, message) => {
  const impatient = MINE.replace(from, to).replace(/(by|within): \d+s/g, '$1: 0s');
  const { passed, failure } = await playOn(obedientStack([]), impatient);
  expect([passed, failure]).toEqual([false, expect.stringMatching(message)]);
});

it.each([
  ['by: 10s', 'by: 10', /mine\.yaml:7: steps\[1\]\.by: found 10; possible: a duration such as 45s or 20m/],
  [
    "is: '> 0.5'",
    'is: lots',
    /steps\[2\]\.is: found "lots"; possible: a comparison such as '> 0\.5', or present/,
  ],
  [
    "setFlags: { more: 'on' }",
    "setFlag: { more: 'on' }",
    /mine\.yaml:5: steps\[0\]\.setFlag: .*possible: .*setFlags/,
  ],
  ['within: 5s\n    query: load', 'query: load', /steps\[2\]: .*possible: by or within/],
  ['do: flag on', 'make: flag on', /a step that begins with do, expect or check/],
  [
    "setFlags: { more: 'on' }",
    'stop: [shop-1]',
    /steps\[0\]\.stop\[0\]: found "shop-1"; possible: .*fulfillment-1/,
  ],
  [
    'incidentWith: [{ alertname: Other }, { alertname: Mine, service: shop }]',
    '',
    /a step with incidentWith/,
  ],
])('%s as %s is refused, and the message names the place', (from, to, message) => {
  expect(() => drill(MINE.replace(from, to))).toThrow(message);
});

it('an instance that was stopped is started at the end, and one that is restarted is told from one that is not', async () => {
  const journal: string[] = [];
  let startedAtMs = 1;
  const stack = {
    ...obedientStack(journal),
    supervisor: {
      async act(name: string, verb: string) {
        journal.push(`${verb} ${name}`);
        if (verb === 'start') startedAtMs += 1;
      },
      processes: async () => [{ name: 'fulfillment-1', startedAtMs }],
    },
  } as unknown as RunningStack;
  const steps = `
description: away and back
steps:
  - do: on
    setFlags: { more: 'on' }
  - expect: an alert
    by: 10s
    incidentWith: [{ alertname: Mine }]
  - do: away
    stop: [fulfillment-1]
  - do: back
    start: [fulfillment-1]
  - expect: as it was begun
    by: 0s
    notRestarted: fulfillment-1
`;
  expect(await playOn(stack, steps)).toMatchObject({ passed: true });
  expect(journal).toEqual([
    'more on',
    'stop fulfillment-1',
    'start fulfillment-1',
    'start fulfillment-1',
    'more off',
  ]);
  const anew = steps.replace('notRestarted', 'restarted');
  expect(await playOn(stack, anew)).toMatchObject({ failure: 'as it was begun: not within 0 s' });
});

it('a time that goes by an alert’s patience takes it from the rule that runs', async () => {
  const text = MINE.replace('by: 10s', 'by: 10s\n    longerBy: { alert: Mine, its: for }');
  const allowed: number[] = [];
  const stage = {
    stack: { setFlag: () => 'off', alertRule: async () => ({ forSeconds: 60, keepFiringSeconds: 0 }) },
    mark: () => {},
    onEnd: () => {},
    elapsed: () => 100,
    async within(_what: string, withinSeconds: number) {
      allowed.push(withinSeconds);
      if (allowed.length === 2) throw new Error('enough');
    },
  } as unknown as Stage;
  await expect(drill(text).play(stage)).rejects.toThrow('enough');
  expect(allowed).toEqual([70, 105]);
});

it('shipped drills name actions and flags that there are', () => {
  const actions = readdirSync(join(repository, 'incident-responder', 'actions'));
  const flags = JSON.parse(
    readFileSync(join(repository, 'demo-app', 'flags', 'demo.flagd.json'), 'utf8'),
  ).flags;
  const drills = readDrills(join(repository, 'alert-lab', 'drills'));
  expect(drills.length).toBeGreaterThan(5);
  for (const { name, steps } of drills)
    for (const step of steps) {
      const named = 'expect' in step && step.action ? [step.action.name] : [];
      const taken = 'check' in step ? Object.keys(step.taken ?? {}) : [];
      for (const action of [...named, ...taken]) expect(actions, name).toContain(`${action}.yaml`);
      if ('do' in step)
        for (const [flag, variant] of Object.entries(step.setFlags ?? {}))
          expect(flags[flag]?.variants, `${name}: ${flag}`).toHaveProperty(variant);
    }
});
