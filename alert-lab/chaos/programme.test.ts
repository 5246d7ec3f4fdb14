import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawProgramme } from './programme.ts';

const fault = (name: string, weight = 1) => ({ name, kind: 'fault' as const, weight });
const harmless = (name: string) => ({ name, kind: 'harmless' as const, weight: 1 });
const FAULTS = [
  fault('slow'),
  fault('gone', 2),
  fault('leaking', 0.5),
  harmless('flag'),
  harmless('restart'),
];
const draw = (seed: number, count: number, from = FAULTS) => drawProgramme(from, { seed, count });

describe('a programme', () => {
  it('is the same for the same seed, another for another, and its beginning is a shorter one', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), (seed, count) => {
        const drawn = draw(seed, count + 5);
        expect(draw(seed, count + 5)).toEqual(drawn);
        expect(draw(seed, count)).toEqual(drawn.slice(0, count));
      }),
    );
    expect(draw(1, 20)).not.toEqual(draw(2, 20));
  });

  it('has one fault an experiment, or two that differ; harmless things are beside faults, never in their place', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        for (const { faults, herring, quietSeconds, herringLeadSeconds } of draw(seed, 30)) {
          expect(new Set(faults).size).toBe(faults.length);
          for (const name of faults) expect(['slow', 'gone', 'leaking']).toContain(name);
          expect(['flag', 'restart', null]).toContain(herring);
          if (faults.length > 1) expect(herring).toBeNull();
          if (herring === null) expect(herringLeadSeconds).toBe(0);
          expect(quietSeconds).toBeGreaterThanOrEqual(60);
          expect(quietSeconds).toBeLessThanOrEqual(180);
        }
      }),
    );
  });

  it('is of faults alone in 70 %, beside something harmless in 15 %, of two in 15 %; by their weights', () => {
    const drawn = draw(5, 4000);
    const ratio = (is: (one: (typeof drawn)[number]) => boolean) => drawn.filter(is).length / drawn.length;
    expect(ratio(({ faults }) => faults.length === 2)).toBeCloseTo(0.15, 1.5);
    expect(ratio(({ herring }) => herring !== null)).toBeCloseTo(0.15, 1.5);
    const first = (name: string) => ratio(({ faults }) => faults[0] === name);
    expect(first('slow')).toBeCloseTo(1 / 3.5, 1.5);
    expect(first('gone')).toBeCloseTo(2 / 3.5, 1.5);
    expect(first('leaking')).toBeCloseTo(0.5 / 3.5, 1.5);
  });

  it('has no deployment beside another, which would be refused', () => {
    const deploying = { begin: [{ deploy: {} }] };
    const drawn = draw(1, 200, [
      { ...fault('bad-release'), ...deploying },
      fault('slow'),
      { ...harmless('deploy'), ...deploying },
      harmless('flag'),
    ]);
    const besides = (name: string) =>
      new Set(drawn.filter(({ faults }) => faults[0] === name).flatMap(({ herring }) => herring ?? []));
    expect(besides('bad-release')).toEqual(new Set(['flag']));
    expect(besides('slow')).toEqual(new Set(['deploy', 'flag']));
  });

  it('of one fault has no pairs, and without anything harmless has nothing beside', () => {
    for (const { faults, herring } of draw(3, 50, [fault('slow')])) {
      expect(faults).toEqual(['slow']);
      expect(herring).toBeNull();
    }
  });

  it('of no fault cannot be drawn', () => {
    expect(() => draw(1, 1, [harmless('flag')])).toThrow('no fault');
  });
});
