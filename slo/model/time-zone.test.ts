import { expect, it } from 'vitest';
import { timeZoneOffsets } from './time-zone.ts';

it('knows daylight saving time to the minute', () => {
  const { firstSeconds, changes } = timeZoneOffsets('Europe/Madrid');
  expect(firstSeconds).toBe(3600);
  expect(changes.slice(0, 2)).toEqual([
    { atSeconds: Date.UTC(2024, 2, 31, 1) / 1000, bySeconds: 3600 },
    { atSeconds: Date.UTC(2024, 9, 27, 1) / 1000, bySeconds: -3600 },
  ]);
  expect(changes).toHaveLength(32);
});

it('knows zones without it, and those of half hours', () => {
  expect(timeZoneOffsets('Asia/Kolkata')).toEqual({ firstSeconds: 19_800, changes: [] });
  expect(timeZoneOffsets('UTC')).toEqual({ firstSeconds: 0, changes: [] });
});
