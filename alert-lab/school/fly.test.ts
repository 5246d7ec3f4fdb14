import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fly, type Pace } from './fly.ts';
import { grade } from './grade.ts';
import { readMissions } from './read-missions.ts';
import { lockStack } from './stack-lock.ts';
import { madeStack } from './testing/made-stack.ts';

const missions = readMissions(join(import.meta.dirname, '..'));
const one = (name: string) => missions.find((each) => each.name === name)!;
const QUICK: Partial<Pace> = { askEveryMs: 2, quietMs: 0, healedForMs: 4, responderMs: 100 };

function flown(
  made: ReturnType<typeof madeStack>,
  mission = one('every-third-page'),
  more: Partial<Parameters<typeof fly>[0]> & { typed?: string[] } = {},
) {
  const { typed = [], ...options } = more;
  return fly({
    mission,
    pilot: { name: 'person', lines: (isPaged) => (isPaged ? typed.splice(0) : []) },
    stack: made.stack,
    signal: new AbortController().signal,
    say: () => {},
    beat: () => {},
    pace: QUICK,
    ...options,
  });
}

describe('a flight', () => {
  it('follows what is done by other tools, and says what was wrong of it', async () => {
    const mission = one('every-third-page');
    const made = madeStack(mission);
    let looks = 0;
    const flight = await flown(made, mission, {
      typed: ['impact many', 'root storefront service'],
      beat: () => {
        looks++;
        if (looks === 4) made.restart('identity');
        if (looks === 6) made.stack.setFlag('shed-load', 'half');
        if (looks === 8) made.restart('storefront');
      },
    });
    expect(flight).toMatchObject({ ended: 'mitigated', problems: [] });
    expect(flight.acts.map(({ what }) => what)).toEqual([
      'restart identity',
      'flag shed-load half',
      'restart storefront',
    ]);
    expect(grade(flight, mission)).toMatchObject({
      mitigatedBy: 'pilot',
      wrongActs: ['restart identity', 'flag shed-load half'],
    });
    // What the learner left behind is put back, as the fault is.
    expect(made.flags.get('shed-load')).toBe('none');
    expect(made.done.at(-2)).toBe('cleared');
  });

  it('is not over for a person who has not said what it was', async () => {
    const mission = one('every-third-page');
    const flight = await flown(
      madeStack(mission),
      { ...mission, limit: 0.3 },
      {
        typed: ['restart storefront'],
      },
    );
    expect(flight).toMatchObject({ ended: 'limit' });
    expect(flight.mitigatedMs).not.toBeNull();
  });

  it('says what is wrong with a line, and goes on', async () => {
    const said: string[] = [];
    const flight = await flown(madeStack(one('every-third-page')), undefined, {
      typed: ['restart moon', 'root storefront because', 'hint', 'flag moon on', 'done'],
      say: (line) => said.push(line),
    });
    expect(said.join('\n')).toMatch(
      /no process moon[\s\S]*got 'root storefront because'[\s\S]*3 points[\s\S]*no flag moon/,
    );
    expect(flight).toMatchObject({ ended: 'given-up', hintCost: 3, acts: [] });
  });

  it('is acknowledged by the learner, not by a responder that takes the incident on', async () => {
    const made = () => madeStack(one('every-third-page'), { isTakenOn: true });
    expect((await flown(made(), undefined, { typed: ['done'] })).acknowledgedMs).toBeNull();
    expect(
      (await flown(made(), undefined, { typed: ['acknowledge', 'done'] })).acknowledgedMs,
    ).not.toBeNull();
  });

  it.each([
    ['responder', 'responder'],
    ['Ada Lovelace', 'pilot'],
  ])('says whose an action is that was approved by %s: %s', async (actor, by) => {
    const made = madeStack(one('what-changed'));
    const action = 'identity-provider-off';
    made.stack.actionRuns = async () => [{ action, startedAt: new Date().toISOString() }] as never;
    made.stack.auditEntries = async () => [{ event: 'action.approved', actor, detail: { action } }] as never;
    const flight = await flown(made, one('what-changed'), { typed: ['done'] });
    expect(flight.acts).toMatchObject([{ what: `action ${action}`, by }]);
  });

  it('of the responder alone is its ranking, and ends when it will not act', async () => {
    const flight = await flown(madeStack(one('every-third-page')), undefined, {
      pilot: { name: 'responder', lines: () => [] },
    });
    expect(flight).toMatchObject({ ended: 'given-up', root: { service: 'storefront' }, mitigatedMs: null });
    expect(flight.acknowledgedMs).toBe(flight.pagedMs);
  });

  it('that is interrupted puts everything back, and is not graded', async () => {
    const made = madeStack(one('what-changed'));
    const interrupted = new AbortController();
    const flight = await flown(made, one('what-changed'), {
      signal: interrupted.signal,
      beat: () => made.isHurt() && interrupted.abort(),
    });
    expect(flight).toMatchObject({ ended: 'interrupted', problems: ['interrupted'] });
    expect(made.flags.get('experimental-identity-provider')).toBe('off');
    expect(grade(flight, one('what-changed')).points).toBeNull();
  });

  it('ends when the stack does not answer any more', async () => {
    const made = madeStack(one('every-third-page'));
    made.goAway();
    const flight = await flown(made, undefined, { pace: { ...QUICK, silentMs: 20 } });
    expect(flight.problems.join()).toContain('does not answer: ECONNREFUSED');
    expect(flight.ended).toBe('interrupted');
  });

  it.each(['stop', 'startAgain'] as const)('ends when the stack is not the one any more: %s', async (how) => {
    const made = madeStack(one('every-third-page'));
    let looks = 0;
    const flight = await flown(made, undefined, {
      beat: () => {
        if (++looks === 4) made[how]();
      },
    });
    expect(flight.problems.join()).toContain('the stack was stopped, or started again');
    // What started with it was not restarted by anybody.
    expect(flight).toMatchObject({ ended: 'interrupted', acts: [] });
  });

  it('ends when the machine slept', async () => {
    const made = madeStack(one('every-third-page'));
    let looks = 0;
    const flight = await flown(made, undefined, {
      beat: () => void looks++,
      now: () => Date.now() + (looks > 4 ? 3_600_000 : 0),
    });
    expect(flight.problems.join()).toContain('the machine slept');
    expect(made.done).toContain('cleared');
  });
});

describe('the lock on a stack', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'school-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const held = { pid: process.pid, mission: 'mine', flags: { colour: 'red' } };
  const file = () => join(folder, 'flight.json');

  it('lets one learner in at a time, and the next when that one is done', async () => {
    const lock = await lockStack(file(), held, async () => {});
    await expect(lockStack(file(), held, async () => {})).rejects.toThrow(
      /mine is being flown .* one learner/,
    );
    lock.release();
    await lockStack(file(), held, async () => {});
  });

  it('of a pilot that is no more is taken over, once what it left is put back', async () => {
    const longAgo = Date.now() / 1000 - 600;
    await lockStack(file(), held, async () => {});
    utimesSync(file(), longAgo, longAgo);
    await expect(
      lockStack(file(), held, async () => {
        throw new Error('no answer');
      }),
    ).rejects.toThrow('no answer');
    const onLeft = vi.fn(async () => {});
    await lockStack(file(), held, onLeft);
    expect(onLeft).toHaveBeenCalledWith(held);
  });

  it('that was cut short holds nobody up', async () => {
    writeFileSync(file(), '{"pid": 1');
    await lockStack(file(), held, async () => {});
  });
});
