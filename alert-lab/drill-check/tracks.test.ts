import { expect, it } from 'vitest';
import { DRILLS } from '../drills/drills.ts';
import { TRACKS } from './tracks.ts';

it('every drill is on one track', () => {
  const played = TRACKS.flatMap(({ drills }) => drills.map(({ name }) => name));
  expect(played.toSorted()).toEqual(DRILLS.map(({ name }) => name).toSorted());
});
