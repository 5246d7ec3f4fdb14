import { expect, test } from 'vitest';
import { picture } from './picture.ts';
import { replay } from './replay.ts';
import type { InputRow } from './samples.ts';
import { niceTicks, timeTicks } from './ticks.ts';

const rowsOf = (values: readonly number[]): InputRow[] =>
  values.map((value, index) => ({
    line: index + 2,
    text: [String(index * 300), String(value)],
    sample: { timestampSeconds: index * 300, value },
  }));

test('a picture shows a single high row among thousands, marked as an alarm', () => {
  const values = Array.from({ length: 20_000 }, (_, index) => 10 + ((index * 7) % 5));
  values[15_000] = 500;
  const svg = picture('a <series>', replay(rowsOf(values), { stepSeconds: 300, timeZone: 'UTC' }).rows);
  expect(svg).toContain('<title>a &lt;series&gt;</title>');
  expect(svg.match(/<circle class="alarm"/g)!.length).toBeGreaterThanOrEqual(1);
  expect(svg).toContain('<polygon class="band"');
  expect(svg.length).toBeLessThan(200_000);
});

test('a series without a single number still gives a picture', () => {
  const svg = picture('none', replay(rowsOf([Number.NaN]), { stepSeconds: 300, timeZone: 'UTC' }).rows);
  expect(svg).toContain('no data');
});

test('ticks are round numbers and round moments', () => {
  expect(niceTicks(-3, 47, 6)).toEqual([0, 10, 20, 30, 40]);
  const from = Date.UTC(2026, 0, 1, 5) / 1000;
  expect(timeTicks(from, from + 3 * 86_400, 4).map(({ label }) => label)).toEqual([
    '2026-01-02',
    '2026-01-03',
    '2026-01-04',
  ]);
});
