import { expect, test } from 'vitest';
import { picture, pictureIndex } from './picture.ts';
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
  const svg = picture('a <series>', replay(rowsOf(values), { stepSeconds: 300, timeZone: 'UTC' }));
  expect(svg).toContain('<title>a &lt;series&gt;</title>');
  expect(svg.match(/<circle class="alarm"/g)!.length).toBeGreaterThanOrEqual(1);
  expect(svg).toContain('<polygon class="band"');
  expect(svg.length).toBeLessThan(200_000);
});

test('a picture shades the anomaly that a burst is, marks what is labelled, and has both from close by', () => {
  const values = Array.from(
    { length: 3000 },
    (_, index) => 10 + ((index * 7) % 5) + (index >= 2500 && index < 2510 ? 50 : 0),
  );
  const result = replay(rowsOf(values), { stepSeconds: 300, timeZone: 'UTC' });
  const svg = picture('burst', result, [[2500 * 300, 2509 * 300]]);
  expect(svg.match(/<g /g)).toHaveLength(2);
  for (const kind of ['anomaly', 'label'])
    expect(svg.match(new RegExp(`<rect class="${kind}"`, 'g'))).toHaveLength(2);
});

test('one impossible value does not make a line of all others', () => {
  const values = Array.from({ length: 1000 }, (_, index) => (index === 500 ? 1e12 : 10 + ((index * 7) % 5)));
  const svg = picture('x', replay(rowsOf(values), { stepSeconds: 300, timeZone: 'UTC' }));
  expect(svg).toMatch(/text-anchor="end">10</);
});

test('the page of many pictures names and shows each', () => {
  const page = pictureIndex([{ name: 'a & b.csv', svg: 'out/deep/a & b.svg' }], 'out');
  expect(page).toContain('<figcaption>a &amp; b.csv</figcaption>');
  expect(page).toContain('src="deep/a%20&amp;%20b.svg"');
});

test('a series without a single number still gives a picture', () => {
  const svg = picture('none', replay(rowsOf([Number.NaN]), { stepSeconds: 300, timeZone: 'UTC' }));
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
