import { expect, test } from 'vitest';
import { COLORS } from './levels.ts';
import { table } from './table.ts';

const built = () =>
  table({
    title: 'Failing routes',
    description: '',
    sortBy: { title: 'Failed', descending: true },
    none: { label: 'route', text: 'None' },
    columns: [
      { title: 'Route', label: 'route' },
      { title: 'Failed', expression: 'failed', unit: 'none' },
      { title: 'State', expression: 'state', unit: 'none', cell: 'color' },
    ],
  }).build();
const properties = (column: string) =>
  Object.fromEntries(
    built()
      .fieldConfig!.overrides.find(({ matcher }) => matcher.options === column)!
      .properties.map(({ id, value }) => [id, value]),
  );

test('the row of a table that has no other says so, with a dash in place of its figure', () => {
  const [failed] = built().targets as unknown as { expr: string }[];
  const [, value, text] = /vector\((-?\d+)\), "route", "(\w+)"/.exec(failed!.expr)!;
  expect(text).toBe('None');
  expect(properties('Failed').mappings).toMatchObject([{ options: { [value!]: { text: '–' } } }]);
});

test('a cell that no level and no mapping colours stays as the table is', () => {
  expect(properties('State').thresholds).toMatchObject({ steps: [{ color: COLORS.calm }] });
});
