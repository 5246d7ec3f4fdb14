import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fly, type Pace } from './fly.ts';
import { grade } from './grade.ts';
import { expertLines, type Mission, readMissions } from './read-missions.ts';
import { lineOf, parseStep } from './step.ts';
import { madeMission, madeStack, PROCESSES } from './testing/made-stack.ts';

const repository = join(import.meta.dirname, '..', '..');
const missions = readMissions(join(repository, 'alert-lab'));
const QUICK: Partial<Pace> = { askEveryMs: 2, quietMs: 0, healedForMs: 4 };

/** Flown on a made stack by who types these lines once paged. @returns its points */
async function points(mission: Mission, lines: readonly string[], limit = 20): Promise<number | null> {
  const script = [...lines];
  const flight = await fly({
    mission: { ...madeMission(mission), limit },
    pilot: {
      name: 'expert',
      lines: (isPaged) => (isPaged ? script.splice(0) : []),
    },
    stack: madeStack(mission).stack,
    signal: new AbortController().signal,
    say: () => {},
    beat: () => {},
    pace: QUICK,
  });
  expect(flight.problems).toEqual([]);
  return grade(flight, mission).points;
}

describe('the ladder', () => {
  it('has four ranks, and each number once', () => {
    expect(missions.length).toBeGreaterThanOrEqual(12);
    expect(new Set(missions.map(({ rank }) => rank))).toEqual(new Set([1, 2, 3, 4]));
    const numbers = missions.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)]);
  });
});

describe.each(missions.map((mission) => [mission.name, mission] as const))('%s', (_name, mission) => {
  it('names pages that are there', () => {
    for (const page of mission.docs) expect(existsSync(join(repository, page)), page).toBe(true);
    expect(mission.docs[0]).not.toBe(mission.docs[1]);
  });

  it('does not tell its cause beforehand', () => {
    const told = `${mission.title} ${mission.briefing}`.toLowerCase();
    for (const word of [
      ...mission.fault.truth.cause,
      mission.fault.truth.instance ?? [],
      mission.fault.name,
    ].flat())
      expect(told).not.toContain(word);
  });

  it('ends before what it injects does by itself, and after its targets', () => {
    const { limit, fault, targets } = mission;
    for (const { faults } of fault.begin)
      if (faults) expect(faults.inject.durationSeconds).toBeGreaterThan(limit);
    const told = fault.expect.detectedWithin ?? 0;
    expect(told + targets.mitigate).toBeLessThanOrEqual(limit + 120);
  });

  it('can be typed as its expert does it', () => {
    for (const step of mission.expert) expect(parseStep(lineOf(step))).toEqual(step);
  });

  it('is solved by its expert, not by doing nothing, and not by restarting everything', async () => {
    expect(await points(mission, expertLines(mission))).toBeGreaterThan(80);
    expect(await points(mission, [], 0.1)).toBeLessThan(30);
    const everything = PROCESSES.map((name) => `restart ${name}`);
    expect(await points(mission, everything, 1)).toBeLessThan(50);
  });
});
