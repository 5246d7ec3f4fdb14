import { describe, expect, it } from 'vitest';
import type { LogLine } from './loki-lines.ts';
import { templateChanges } from './template-changes.ts';

const lines = (text: string, count: number, more: Partial<LogLine> = {}): readonly LogLine[] =>
  Array.from({ length: count }, (_, index) => ({
    service: 'storefront',
    level: 'error',
    text: text.replace('#', `${index}`),
    weight: 1,
    ...more,
  }));
const changes = (before: readonly LogLine[], now: readonly LogLine[]) =>
  templateChanges(before, now).map(({ template, change }) => `${change}: ${template}`);

describe('what changed in the log', () => {
  it('comes new first, then rising, then by lines, and gone last', () => {
    expect(
      changes(
        [
          ...lines('rare # thing', 5),
          ...lines('often seen #', 500),
          ...lines('growing # now', 40),
          ...lines('over # a b c', 9),
        ],
        [
          ...lines('rare # thing', 6),
          ...lines('often seen #', 480),
          ...lines('growing # now', 90),
          ...lines('first of its kind', 1),
        ],
      ),
    ).toEqual([
      'new: first of its kind',
      'rising: growing <*> now',
      'steady: often seen <*>',
      'steady: rare <*> thing',
      'gone: over <*> a b c',
    ]);
  });

  it('is nothing new of a service that has just begun', () => {
    expect(changes([], lines('hello #', 3))).toEqual(['steady: hello <*>']);
    expect(changes(lines('hello #', 3, { service: 'identity' }), lines('hello #', 3))).toContain(
      'steady: hello <*>',
    );
  });

  it('does not rise for want of a few lines', () => {
    expect(changes(lines('few #', 2), lines('few #', 20))).toEqual(['steady: few <*>']);
  });

  it('is told of the first line of a stack trace', () => {
    expect(
      changes(lines('old', 1), lines('pool exhausted\n    at f (a.js:1)\n    at g (b.js:2)', 1))[0],
    ).toBe('new: pool exhausted');
  });

  it('is not new on the word of a sample too thin to have held it', () => {
    const sampled = { level: 'info', weight: 10 };
    const before = lines('request #', 100, sampled);
    expect(
      changes(before, [...lines('request #', 100, sampled), ...lines('seldom told', 20, { level: 'info' })]),
    ).toContain('steady: seldom told');
    expect(
      changes(before, [...lines('request #', 100, sampled), ...lines('often told', 60, { level: 'info' })]),
    ).toContain('new: often told');
  });

  it('counts what was not read by what was', () => {
    const [only] = templateChanges(
      lines('request #', 10, { weight: 2.5 }),
      lines('request #', 10, { weight: 4.04 }),
    );
    expect(only).toMatchObject({ before: 25, lines: 40 });
  });

  it('names a few traces', () => {
    const now = ['a', 'b', 'b', 'c', 'd'].flatMap((traceId) => lines('boom', 1, { traceId }));
    expect(templateChanges([], now)[0]?.traceIds).toEqual(['a', 'b', 'c']);
  });
});
