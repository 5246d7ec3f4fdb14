import { expect, test } from 'vitest';
import { cells, type Loss } from './losses.ts';

const loss = (killed: string, kind: string, acknowledged: number, lost: number): Loss => ({
  killed,
  kind,
  acknowledged,
  lost,
});

test('rounds add up by component and kind, and one lost record fails its cell alone', () => {
  const table = cells(
    [loss('loki', 'spans', 100, 0), loss('loki', 'log lines', 50, 0), loss('loki', 'log lines', 60, 1)],
    {},
  );
  expect(table.get('loki')!.get('spans')).toEqual({ acknowledged: 100, lost: 0, passed: true });
  expect(table.get('loki')!.get('log lines')).toEqual({ acknowledged: 110, lost: 1, passed: false });
});

test('what is stated may be lost at each kill, and no more', () => {
  const stated = { tempo: { spans: { atMostAKill: 10, why: 'memory' } } };
  const passed = (...lost: number[]) =>
    cells(
      lost.map((each) => loss('tempo', 'spans', 100, each)),
      stated,
    )
      .get('tempo')!
      .get('spans')!.passed;
  expect(passed(10, 9)).toBe(true);
  expect(passed(11, 0)).toBe(false);
});

test('where nothing was acknowledged nothing is shown, and that is no pass', () => {
  expect(
    cells([loss('loki', 'spans', 0, 0)], {})
      .get('loki')!
      .get('spans')!.passed,
  ).toBe(false);
});
