import { expect, test } from 'vitest';
import { HopTimes } from './hops.ts';
import { NOTHING, observed } from './testing/observations.ts';

const AT = NOTHING.atSeconds;

test('each hop has the time at which it was first seen, and what is further on proves what is before', () => {
  const times = new HopTimes(AT);
  expect(times.note(NOTHING)).toEqual([]);
  times.note(observed({ atSeconds: AT + 2, onPages: { spans: 1, metrics: false } }));
  times.note(
    observed({
      atSeconds: AT + 9.04,
      onPages: { spans: 9, metrics: false },
      tempo: { recentSeconds: AT, anySeconds: AT },
      prometheus: { spans: { byKind: { SPAN_KIND_SERVER: 1 }, names: 1 } },
      loki: { recentSeconds: AT, anySeconds: AT },
    }),
  );
  expect(times.hops('traces').map(({ hop, seconds }) => [hop, seconds])).toEqual([
    ['traces received', 2],
    ['traces kept', 2],
    ['traces stored', 9],
    ['traces queryable', 9],
  ]);
  expect(times.hops('logs').map(({ seconds }) => seconds)).toEqual([9, 9, 9]);
  expect(times.broken('metrics')).toBe('metrics received');
  expect(times.arrived('metrics')).toBe(false);
});

test('of one that stopped, spans that were counted before are none that come now', () => {
  const times = new HopTimes(AT, 40);
  times.note(observed({ onPages: { spans: 40, metrics: false } }));
  expect(times.broken('traces')).toBe('traces received');
  times.note(observed({ onPages: { spans: 41, metrics: false } }));
  expect(times.broken('traces')).toBe('traces stored');
});

test('a trace that is stored under another time cannot be asked for as of now', () => {
  const times = new HopTimes(AT);
  times.note(observed({ tempo: { recentSeconds: undefined, anySeconds: AT + 3600 } }));
  expect(times.broken('traces')).toBe('traces queryable');
});
