import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Flight } from './flight.ts';
import { estimatedSeconds, flyLadder, flyLadderAlone, type WithStack } from './fly-ladder.ts';
import { flyMission } from './fly-mission.ts';
import { readMissions } from './read-missions.ts';
import { gradedFlights, keepFlight, lastFlown, readFlights } from './results.ts';
import { schoolMarkdown, schoolReport } from './school-report.ts';
import { madeStack } from './testing/made-stack.ts';

const missions = readMissions(join(import.meta.dirname, '..')).toSorted((a, b) => a.number - b.number);
const [first, second, third] = missions as [(typeof missions)[0], (typeof missions)[0], (typeof missions)[0]];

let folder: string;
let results: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ladder-'));
  results = join(folder, 'results.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const flight = (mission: string, beganMs: number, more: Partial<Flight> = {}): Flight => ({
  mission,
  pilot: 'responder',
  beganMs,
  pagedMs: beganMs + 60_000,
  acknowledgedMs: beganMs + 60_000,
  impact: null,
  root: { atMs: beganMs + 80_000, service: 'storefront', cause: 'service', instance: null },
  contributing: null,
  improve: null,
  mitigatedMs: beganMs + 160_000,
  acts: [{ atMs: beganMs + 100_000, by: 'responder', what: 'restart storefront' }],
  hintCost: 0,
  budgetSpent: 0.01,
  endedMs: beganMs + 200_000,
  ended: 'mitigated',
  problems: [],
  timeline: [],
  ...more,
});

describe('a ladder', () => {
  const { stack } = madeStack(first);

  it('goes on after a mission that could not be flown, and says which that was', async () => {
    const flown: string[] = [];
    const problems = await flyLadder(stack, {
      missions: [first, second, third],
      signal: new AbortController().signal,
      say: () => {},
      flyOne: async ({ name }) => {
        flown.push(name);
        if (name === second.name) throw new Error('does not calm down');
      },
    });
    expect(flown).toEqual([first.name, second.name, third.name]);
    expect(problems).toEqual([`${second.name}: does not calm down`]);
  });

  it('flies a mission once more on a stack of its own that is new, and ends where there is none', async () => {
    const flown: string[] = [];
    let stacks = 0;
    const options = {
      missions: [first, second, third],
      signal: new AbortController().signal,
      say: () => {},
      flyOne: async ({ name }: { name: string }) => {
        flown.push(name);
        if (name === second.name) throw new Error('does not calm down');
      },
      calmsDown: async () => true,
    };
    const withStack: WithStack = async (_number, use) => {
      stacks++;
      await use(stack);
    };
    expect(await flyLadderAlone(withStack, 1, options)).toEqual([`${second.name}: does not calm down`]);
    expect(flown).toEqual([first.name, second.name, second.name, third.name]);
    expect(stacks).toBe(3);
    const noStack = async () => {
      throw new Error('taken');
    };
    expect(await flyLadderAlone(noStack, 2, options)).toEqual([
      `not flown: ${first.name}, ${second.name}, ${third.name}`,
    ]);
  });

  it('goes on with a new stack where one of its own does not calm down soon', async () => {
    let stacks = 0;
    const flownOn: number[] = [];
    const withStack: WithStack = async (_number, use) => {
      stacks++;
      await use(stack);
    };
    const problems = await flyLadderAlone(withStack, 1, {
      missions: [first, second, third],
      signal: new AbortController().signal,
      say: () => {},
      flyOne: async () => void flownOn.push(stacks),
      calmsDown: async () => flownOn.length !== 1,
    });
    expect(problems).toEqual([]);
    expect(flownOn).toEqual([1, 2, 2]);
  });

  it('is shared out among stacks side by side, each mission flown on one of them', async () => {
    const flown: string[] = [];
    const bothFly = Promise.withResolvers<void>();
    const withStack: WithStack = async (_number, use) => use(stack);
    const options = {
      missions: [first, second, third],
      signal: new AbortController().signal,
      say: () => {},
      flyOne: async ({ name }: { readonly name: string }) => {
        flown.push(name);
        if (flown.length === 2) bothFly.resolve();
        await bothFly.promise;
      },
      calmsDown: async () => true,
    };
    expect(await flyLadderAlone(withStack, 2, options)).toEqual([]);
    expect(flown).toEqual([first.name, second.name, third.name]);
  });

  it('ends where it is interrupted', async () => {
    const interrupted = new AbortController();
    const problems = await flyLadder(stack, {
      missions: [first, second],
      signal: interrupted.signal,
      say: () => {},
      flyOne: async () => interrupted.abort(),
    });
    expect(problems).toEqual([`interrupted before ${second.name}`]);
  });

  it('takes as long as its missions', () => {
    const all = estimatedSeconds(missions, 'responder');
    expect(all).toBe(missions.reduce((sum, each) => sum + estimatedSeconds([each], 'responder'), 0));
    // Hours, not minutes and not days.
    expect(all / 3600).toBeGreaterThan(2);
    expect(all / 3600).toBeLessThan(12);
  });
});

describe('results', () => {
  it('keep a flight once, with what was said of it later', async () => {
    await keepFlight(results, flight(first.name, 1000));
    await keepFlight(results, flight(first.name, 2000));
    await keepFlight(results, { ...flight(first.name, 1000), contributing: 'no-room' });
    expect((await readFlights(results)).map(({ beganMs, contributing }) => [beganMs, contributing])).toEqual([
      [2000, null],
      [1000, 'no-room'],
    ]);
  });

  it('keep flights that end at once', async () => {
    await Promise.all([1000, 2000, 3000].map((beganMs) => keepFlight(results, flight(first.name, beganMs))));
    expect(await readFlights(results)).toHaveLength(3);
  });

  it('know which missions came to their end: the others are flown the next time', () => {
    const graded = gradedFlights(
      [
        flight(first.name, 1000),
        flight(second.name, 2000, { ended: 'interrupted' }),
        flight(third.name, 3000, { pilot: 'expert' }),
      ],
      missions,
    );
    const left = missions.filter(({ name }) => lastFlown(graded, name, 'responder') === undefined);
    expect(left.map(({ name }) => name)).not.toContain(first.name);
    expect(left).toHaveLength(missions.length - 1);
  });
});

describe('the report', () => {
  it('has a row for each mission, flown or not, and none of another pilot', () => {
    const markdown = schoolMarkdown(
      schoolReport(
        missions,
        gradedFlights(
          [
            flight(first.name, 1000),
            flight(second.name, 2000, { ended: 'limit', pagedMs: null, root: null, mitigatedMs: null }),
            flight(third.name, 3000, { pilot: 'expert' }),
          ],
          missions,
        ),
        'responder',
      ),
    );
    const row = (name: string) => markdown.split('\n').find((line) => line.includes(` ${name} `));
    expect(row(first.name)).toMatch(/\| 8\d +\| right +\| right +\| 20 s +\| 100 s +\| 1\.00 % +\| none/);
    expect(row(second.name)).toContain('never paged');
    expect(row(third.name)).toContain('not flown');
    expect(markdown).toContain(`2 of ${missions.length} missions`);
  });
});

describe('a mission that is interrupted before it begins', () => {
  it('says that nothing was changed, and lets the next learner in', async () => {
    const made = madeStack(first, { dataDir: folder });
    const fly = (signal: AbortSignal) =>
      flyMission({
        mission: first,
        missions,
        pilot: { name: 'expert', lines: () => [] },
        stack: { ...made.stack, incidents: async () => Promise.reject(new Error('busy')) },
        results,
        signal,
        say: () => {},
      });
    await expect(fly(AbortSignal.timeout(20))).rejects.toThrow('interrupted before it began');
    await expect(fly(AbortSignal.timeout(20))).rejects.toThrow('interrupted before it began');
    expect(made.done).toEqual([]);
  });
});
