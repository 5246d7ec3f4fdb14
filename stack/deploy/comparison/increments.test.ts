import { expect, it } from 'vitest';
import { increments } from './increments.ts';

const samples = (...values: (number | null)[]) =>
  values.flatMap((value, index) => (value === null ? [] : [[index * 5, String(value)] as const]));

it.each<[string, (number | null)[], number, number | undefined, number]>([
  ['what was counted before does not count', [100, 103, 107], 0, undefined, 7],
  ['a restart counts from zero', [100, 104, 2, 5], 0, undefined, 9],
  ['a series that is born counts from zero', [null, null, 3, 8], 0, undefined, 8],
  ['a time may begin later', [100, 103, 107, 112], 5, undefined, 9],
  ['a time may end earlier', [100, 103, 107, 112], 0, 10, 7],
  ['nothing is nothing', [], 0, undefined, 0],
])('%s', (_case, values, from, to, expected) => {
  expect(increments(samples(...values), from, to)).toBe(expected);
});
