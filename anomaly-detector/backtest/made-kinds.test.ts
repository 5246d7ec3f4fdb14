import { expect, test } from 'vitest';
import { makeKinds } from './made-kinds.ts';

test('a seed gives the same series each time, another seed others, with the incidents at the same moments', () => {
  const [once, again, other] = [makeKinds(1), makeKinds(1), makeKinds(2)];
  expect(again).toEqual(once);
  for (const [index, kind] of once.entries()) {
    expect(other[index]!.values).not.toEqual(kind.values);
    expect(other[index]!.windows).toEqual(kind.windows);
    for (const [from, to] of kind.windows)
      expect(kind.timestampSeconds).toEqual(expect.arrayContaining([from, to]));
  }
});
