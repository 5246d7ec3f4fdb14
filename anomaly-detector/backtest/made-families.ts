import type { LabelledSeries } from './labelled-corpus.ts';
import { createRandom, type Random } from './random.ts';

const DAY = 86_400;
const HOUR = 3600;
const START = Date.UTC(2026, 0, 5) / 1000;
const ROWS_BEFORE = 2;
const ROWS_AFTER = 3;

/** An event's first and last row, and what becomes of the expectation there; `part` goes from 0 to 1. */
interface Event {
  readonly from: number;
  readonly to: number;
  readonly changed: (expected: number, part: number) => number;
}

interface Outline {
  readonly stepSeconds: number;
  readonly rows: number;
  readonly events: readonly Event[];
  readonly expectedAt: (seconds: number) => number;
  /** One value, from what is expected of it. */
  readonly drawn: (expected: number) => number;
}

/**
 * Kinds of series that the recorded ones say little about, each made to see that nothing collapses there: a level that
 * drifts away within hours, web traffic with incidents of several shapes, counters that are mostly zero, levels that
 * shift. No search for parameters climbs on them.
 */
export const MADE_FAMILIES = { drifts, webTraffic, sparseCounters, levelShifts } as const;

/** @param seed the same gives the same series */
export function makeFamily(
  name: keyof typeof MADE_FAMILIES,
  seed: number,
  count: number,
): readonly LabelledSeries[] {
  return Array.from({ length: count }, (_, index) => {
    const { stepSeconds, rows, events, expectedAt, drawn } = MADE_FAMILIES[name](
      createRandom(seed * 1000 + index),
    );
    const timestampSeconds = Array.from({ length: rows }, (_, row) => START + row * stepSeconds);
    const values = timestampSeconds.map((_, row) => {
      const changed = events
        .filter(({ from, to }) => row >= from && row <= to)
        .reduce(
          (expected, { from, to, changed }) => changed(expected, (row - from) / Math.max(1, to - from)),
          expectedAt(row * stepSeconds),
        );
      return drawn(changed);
    });
    const windows = [...events]
      .sort((a, b) => a.from - b.from)
      .map(({ from, to }): [number, number] => [
        timestampSeconds[Math.max(0, from - ROWS_BEFORE)]!,
        timestampSeconds[Math.min(rows - 1, to + ROWS_AFTER)]!,
      ]);
    return { name: `${name}-${index}`, stepSeconds, timestampSeconds, values, windows };
  });
}

/** Within 2 to 32 hours to another level, two hours there, and back. */
function drifts(random: Random): Outline {
  const stepSeconds = random.pick([60, 300, 300, 300, 900]);
  const rows = Math.floor(((stepSeconds === 60 ? 10 : 21) * DAY) / stepSeconds);
  const [swing, noise, memory] = [
    random.pick([0, 0.2, 0.4]),
    random.pick([0.01, 0.03, 0.05]),
    0.8 * random.uniform(),
  ];
  const climb = random.pick([2, 4, 8, 16, 32]) * HOUR;
  const length = Math.floor((climb + 2 * HOUR) / stepSeconds);
  const size = (random.uniform() < 0.7 ? 1 : -1) * random.pick([0.3, 0.5, 0.8]);
  const from = random.integer(Math.floor(0.45 * rows), Math.floor(0.75 * rows));
  const share = climb / (climb + 2 * HOUR);
  const changed = (expected: number, part: number) => expected + 100 * size * Math.min(1, part / share);
  let state = 0;
  return {
    stepSeconds,
    rows,
    events: [{ from, to: from + length, changed }],
    expectedAt: (seconds) => 100 * (1 + swing * Math.sin((2 * Math.PI * seconds) / DAY)),
    drawn(expected) {
      state = memory * state + Math.sqrt(1 - memory * memory) * random.normal();
      return expected + 100 * noise * state;
    },
  };
}

/** Counts by day and week, with drops, surges, outages, ramps and shifts that last from minutes to hours. */
function webTraffic(random: Random): Outline {
  const stepSeconds = random.pick([30, 60, 60, 300, 300, 900]);
  const rows = Math.floor(((stepSeconds === 30 ? 5 : stepSeconds === 60 ? 9 : 28) * DAY) / stepSeconds);
  const rate = random.logNormal(200, 1.2);
  const swing = 0.3 + 0.5 * random.uniform();
  const weekend = random.pick([1, 1, 0.6]);
  const shapes: readonly Event['changed'][] = [
    (expected) => 0.35 * expected,
    (expected) => 2.2 * expected,
    () => 0,
    (expected, part) => expected * (1 + 1.2 * part),
    (expected) => 0.7 * expected,
    (expected) => 1.5 * expected,
  ];
  const events = spread(random, rows, random.integer(0, 5), (6 * HOUR) / stepSeconds, () => ({
    length: Math.max(2, Math.floor(random.logNormal(2400, 0.8) / stepSeconds)),
    changed: random.pick(shapes),
  }));
  let wander = 0;
  return {
    stepSeconds,
    rows,
    events,
    expectedAt(seconds) {
      wander = 0.99 * wander + 0.003 * random.normal();
      const angle = (2 * Math.PI * seconds) / DAY;
      const free = Math.floor(seconds / DAY) % 7 >= 5 ? weekend : 1;
      return (
        rate * free * (1 + swing * Math.sin(angle) + 0.2 * swing * Math.sin(2 * angle)) * Math.exp(wander)
      );
    },
    drawn: (expected) => countOf(random, expected),
  };
}

/** From one event in an hour to one a minute, and bursts of them. */
function sparseCounters(random: Random): Outline {
  const stepSeconds = random.pick([60, 300, 300]);
  const rows = Math.floor(((stepSeconds === 60 ? 8 : 21) * DAY) / stepSeconds);
  const rate = random.pick([0.02, 0.1, 0.3, 1]);
  const events = spread(random, rows, random.integer(0, 4), 100, () => ({
    length: random.integer(3, 15),
    changed: (expected) => 4 * expected + 6,
  }));
  return {
    stepSeconds,
    rows,
    events,
    expectedAt: () => rate,
    drawn: (expected) => countOf(random, expected),
  };
}

/** Up to three lasting shifts; the first six hours of each are the event. */
function levelShifts(random: Random): Outline {
  const stepSeconds = random.pick([300, 300, 600, 3600]);
  const rows = Math.floor(((stepSeconds === 3600 ? 70 : 24) * DAY) / stepSeconds);
  const [swing, memory] = [random.pick([0, 3, 8]), 0.9 * random.uniform()];
  const length = Math.max(6, Math.floor((6 * HOUR) / stepSeconds));
  const starts = spread(random, rows, random.integer(1, 3), (3 * DAY) / stepSeconds, () => ({
    length,
    changed: (expected) => expected,
  }));
  const sizes = starts.map(() => (random.uniform() < 0.5 ? 1 : -1) * random.logNormal(9, 0.4));
  let state = 0;
  return {
    stepSeconds,
    rows,
    events: starts,
    expectedAt: (seconds) =>
      starts.reduce(
        (level, { from }, index) => (seconds >= from * stepSeconds ? level + sizes[index]! : level),
        50 + swing * Math.sin((2 * Math.PI * seconds) / DAY),
      ),
    drawn(expected) {
      state = memory * state + Math.sqrt(1 - memory * memory) * random.normal();
      return expected + state;
    },
  };
}

/** Events in the later part of a series, at least `distance` rows apart. */
function spread(
  random: Random,
  rows: number,
  count: number,
  distance: number,
  draw: () => { length: number; changed: Event['changed'] },
): Event[] {
  const events: Event[] = [];
  for (let attempt = 0; attempt < 50 && events.length < count; attempt += 1) {
    const { length, changed } = draw();
    const from = random.integer(Math.floor(0.35 * rows), rows - length - 5);
    const to = from + length;
    if (events.every((event) => from > event.to + distance || to < event.from - distance))
      events.push({ from, to, changed });
  }
  return events;
}

/** Poisson; a normal approximation where that is as good. */
function countOf(random: Random, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  const limit = Math.exp(-mean);
  let product = random.uniform();
  let count = 0;
  for (; product > limit; count += 1) product *= random.uniform();
  return count;
}
