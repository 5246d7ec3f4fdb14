import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDrills } from '../drill/read-drills.ts';
import { tracksOf } from './tracks.ts';

const tracks = tracksOf(readDrills(join(import.meta.dirname, '..', 'drills')));

it('the outages follow each other on one stack, whose GitHub hears of both; every other drill has a stack of its own', () => {
  const outages = tracks.find(({ drills }) => drills.length > 1);
  expect(outages?.drills.map(({ name }) => name)).toEqual(['half-outage', 'major-outage']);
  expect(outages?.dispatches).toEqual(['dr-start', 'dr-revert', 'dr-start', 'dr-switch-dns', 'dr-revert']);
  const others = tracks.filter((track) => track !== outages);
  expect(others.every(({ drills, dispatches }) => drills.length === 1 && dispatches.length === 0)).toBe(true);
});
