import { describe, expect, it } from 'vitest';
import { createEventChance } from './event-chance.ts';

const WINDOW = 300;

/** Whether chance explains the last of samples, each so many failures of so many requests, where one of a hundred is usual. */
function explained(
  samples: readonly (readonly [failures: number, requests: number])[],
  stepSeconds = WINDOW,
) {
  const chance = createEventChance(WINDOW);
  return samples
    .map(([failures, events], index) =>
      chance.explains({ atSeconds: index * stepSeconds, share: failures / events, expected: 0.01, events }),
    )
    .at(-1);
}
const calm = Array.from({ length: 24 }, () => [0, 2] as const);

describe('chance', () => {
  it.each([
    [1, 1],
    [1, 2],
    [2, 3],
    [1, 100],
    [15, 800],
  ])('explains %d failures of %d', (failures, events) => {
    expect(explained([...calm, [failures, events]])).toBe(true);
  });

  it.each([
    [64, 800],
    [5, 5],
    [6, 20],
  ])('does not explain %d failures of %d', (failures, events) => {
    expect(explained([...calm, [failures, events]])).toBe(false);
  });

  it('explains one failure of two now and then, and not again and again', () => {
    expect(explained([...calm, [1, 2], ...calm, [1, 2]])).toBe(true);
    expect(explained([...calm, ...Array.from({ length: 8 }, () => [1, 2] as const)])).toBe(false);
  });

  it('counts an event once, however often its window is looked at', () => {
    const seen = [...calm, ...Array.from({ length: 10 }, () => [1, 2] as const)];
    expect(explained(seen, 30)).toBe(true);
    expect(explained(seen, WINDOW)).toBe(false);
  });

  it('also explains what is less than usual, and goes on where it was saved', () => {
    const chance = createEventChance(WINDOW);
    expect(chance.explains({ atSeconds: 0, share: 0, expected: 0.1, events: 20 })).toBe(true);
    expect(chance.explains({ atSeconds: WINDOW, share: 0, expected: 0.1, events: 200 })).toBe(false);
    const seen = { atSeconds: 2 * WINDOW, share: 0.05, expected: 0.1, events: 20 };
    const resumed = createEventChance(WINDOW, chance.save());
    expect(resumed.explains(seen)).toBe(chance.explains(seen));
    expect(resumed.save()).toEqual(chance.save());
  });
});
