import { describe, expect, it } from 'vitest';
import { type Pattern, rankTemplates } from './templates.ts';

const UNTIL = 10_000;
const WINDOW = 1_000;
const pattern = (template: string, before: number, lines: number): Pattern => ({
  service: 'storefront',
  level: 'info',
  template,
  samples: [
    [UNTIL - 3 * WINDOW, 1_000],
    [UNTIL - 1_500, before],
    [UNTIL - 10, lines],
  ],
});
const rank = (...patterns: readonly Pattern[]) =>
  rankTemplates(patterns, { untilSeconds: UNTIL, windowSeconds: WINDOW }).map(
    ({ template, change }) => `${template} ${change}`,
  );

describe('templates of the log', () => {
  it('come new ones first, then rising ones, then the most frequent', () => {
    expect(
      rank(
        pattern('rare', 5, 6),
        pattern('frequent', 500, 480),
        pattern('rising', 40, 90),
        pattern('new', 0, 31),
      ),
    ).toEqual(['new new', 'rising rising', 'frequent steady', 'rare steady']);
  });

  it('are counted in the window and in as much time before it, no further back', () => {
    const [only] = rankTemplates([pattern('a', 3, 4)], { untilSeconds: UNTIL, windowSeconds: WINDOW });
    expect(only).toMatchObject({ lines: 4, before: 3 });
  });

  it('do not rise for want of a few lines', () => {
    expect(rank(pattern('few', 2, 20))).toEqual(['few steady']);
  });

  it('are not new where nothing at all is known of the time before', () => {
    expect(rank(pattern('a', 0, 31), pattern('b', 0, 40))).toEqual(['b steady', 'a steady']);
  });

  it('that do not occur in the window are left out', () => {
    expect(rank(pattern('gone', 10, 0), pattern('there', 10, 10))).toEqual(['there steady']);
  });
});
