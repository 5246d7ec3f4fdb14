import { expect, test } from 'vitest';
import { wallClock } from './wall-clock.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;

test('the offset changes at the second at which the clocks are changed', () => {
  const berlin = wallClock('Europe/Berlin');
  const spring = seconds('2026-03-29T01:00:00Z');
  expect(berlin.spanAt(spring - 1)).toMatchObject({ offsetSeconds: 3600, until: spring });
  expect(berlin.spanAt(spring)).toMatchObject({ offsetSeconds: 7200, from: spring });
  const autumn = seconds('2026-10-25T01:00:00Z');
  expect(berlin.spanAt(autumn - 1).offsetSeconds).toBe(7200);
  expect(berlin.spanAt(autumn).offsetSeconds).toBe(3600);
});

test.each([
  ['UTC', 0],
  ['Asia/Kathmandu', 20_700],
  ['America/St_Johns', -12_600],
])('%s is %i s from UTC in winter', (zone, offsetSeconds) => {
  expect(wallClock(zone).spanAt(seconds('2026-01-10T12:00:00Z')).offsetSeconds).toBe(offsetSeconds);
});

test('an unknown zone is refused', () => {
  expect(() => wallClock('Europe/Atlantis')).toThrow(RangeError);
});
