import { expect, it } from 'vitest';
import type { Drill } from './drill.ts';
import { drillText } from './drill-text.ts';
import { playDrill } from './play-drill.ts';
import type { RunningStack } from './running-stack.ts';

const audit = [
  {
    sequence: 1,
    at: '2026-03-01T10:00:00.000Z',
    actor: 'responder',
    event: 'incident.opened',
    incidentId: 7,
    detail: { title: 'Slow' },
    hash: 'a',
  },
];
/** As much of a stack as playing needs. */
const stack = (intact = true) =>
  ({
    requireRunning: async () => {},
    auditEntries: async () => audit,
    auditVerdict: async () => (intact ? { intact, entries: 1 } : { intact, problem: 'was changed' }),
  }) as unknown as RunningStack;

const play = (
  drill: Pick<Drill, 'play' | 'ready'>,
  { intact = true, signal = new AbortController().signal } = {},
) =>
  playDrill({
    drill: { name: 'any', description: '', ...drill },
    stack: stack(intact),
    onProgress: () => {},
    signal,
  });

it('a drill whose every condition comes true passes, with the times, and puts the stack back, the last first', async () => {
  const undone: string[] = [];
  const result = await play({
    async play({ mark, within, onEnd }) {
      onEnd(() => void undone.push('first'));
      onEnd(() => void undone.push('second'));
      mark('broken');
      expect(await within('noticed', 5, async () => 'yes')).toBe('yes');
      return { incidentId: 7 };
    },
  });
  expect(result).toMatchObject({ passed: true, failure: null, incidentId: 7, auditIntact: true, audit });
  expect(result.milestones).toMatchObject([
    { what: 'broken', withinSeconds: null },
    { what: 'noticed', withinSeconds: 5 },
  ]);
  expect(undone).toEqual(['second', 'first']);
  expect(drillText(result)).toMatch(/noticed[\s\S]*incident\.opened[\s\S]*intact[\s\S]*any: passed/);
});

it('a condition that does not come true in time fails the drill, says what and why, and the stack is put back', async () => {
  let undone = false;
  const result = await play({
    async play({ mark, within, onEnd }) {
      onEnd(() => {
        undone = true;
      });
      mark('broken');
      await within('alert', 0, async () => {
        throw new Error('no answer');
      });
      return { incidentId: 7 };
    },
  });
  expect(result).toMatchObject({ passed: false, failure: 'alert: not within 0 s (no answer)' });
  expect(undone).toBe(true);
  expect(drillText(result)).toContain('FAILED');
});

it('an interrupted drill puts the stack back, too', async () => {
  const interrupt = new AbortController();
  let undone = false;
  const result = await play(
    {
      async play({ mark, within, onEnd }) {
        onEnd(() => {
          undone = true;
        });
        mark('broken');
        setTimeout(() => interrupt.abort(new Error('interrupted by SIGINT')));
        await within('never', 60, async () => false);
        return { incidentId: 7 };
      },
    },
    { signal: interrupt.signal },
  );
  expect(result.passed).toBe(false);
  expect(undone).toBe(true);
});

it('a drill does not pass while the audit log is broken', async () => {
  const result = await play({ play: async () => ({ incidentId: 7 }) }, { intact: false });
  expect(result).toMatchObject({ passed: false, failure: "the audit log's chain is broken: was changed" });
});

it('a drill begins only when what it needs is there, and its times count from then', async () => {
  let asked = 0;
  const result = await play({
    ready: {
      what: 'traffic',
      withinSeconds: 10,
      holds: async () => {
        asked += 1;
        if (asked === 1) throw new Error('no answer');
        return true;
      },
    },
    async play({ mark }) {
      mark('broken');
      return { incidentId: 7 };
    },
  });
  expect(asked).toBe(2);
  expect(result).toMatchObject({ passed: true, milestones: [{ what: 'broken', afterSeconds: 0 }] });
});

it('a drill whose conditions do not come about fails without having broken anything', async () => {
  let played = false;
  const result = await play({
    ready: { what: 'traffic', withinSeconds: 0, holds: async () => false },
    async play() {
      played = true;
      return { incidentId: 7 };
    },
  });
  expect(result).toMatchObject({ passed: false, failure: 'traffic: not within 0 s' });
  expect(played).toBe(false);
});
