import type { LabelledSeries } from './labelled-corpus.ts';
import type { LabelledWindow } from './nab-score.ts';
import { createRandom, type Random } from './random.ts';

const DAY = 86_400;
const START = Date.UTC(2026, 0, 5) / 1000;
/** Rows around an event that belong to its window: people mark a little more than there is. */
const MARGIN_BEFORE = 2;
const MARGIN_AFTER = 3;

interface Event {
  readonly from: number;
  readonly to: number;
}

/**
 * Series like those of a cloud service in production, each with many short anomalies of which most look alike: what a
 * detector that remembers its records is blind to. Some have none; some shift their level, drift, or have outliers
 * that nobody labelled.
 */
export function makeCloudSeries(seed: number, count: number): readonly LabelledSeries[] {
  return Array.from({ length: count }, (_, index) => makeOne(createRandom(seed * 1000 + index), index));
}

function makeOne(random: Random, index: number): LabelledSeries {
  const stepSeconds = random.pick([60, 60, 300, 300, 300, 600, 900, 3600]);
  const wanted = stepSeconds >= 900 ? random.integer(1000, 3000) : random.integer(3000, 9000);
  const rows = Math.min(wanted, Math.floor((60 * DAY) / stepSeconds));
  const kind = random.pick([
    'load',
    'load',
    'requests',
    'requests',
    'latency',
    'latency',
    'errors',
    'jobs',
  ] as const);
  const count = random.uniform() < 0.12 ? 0 : Math.min(25, Math.round(random.logNormal(4, 0.9)));
  const typicalLength = stepSeconds <= 60 ? 12 : stepSeconds <= 300 ? 5 : 2.2;
  const events = placeEvents(random, rows, count, () =>
    Math.max(1, Math.min(Math.floor(rows * 0.03), Math.round(random.logNormal(typicalLength, 0.8)))),
  );
  const added = eventShapes(random, rows, events);
  const noise = makeNoise(random, rows, kind === 'latency');
  const ordinary = makeOrdinary(random, rows, stepSeconds);
  const scale = random.logNormal(10, 2);
  const height = 8 + (random.uniform() < 0.5 ? 0 : random.logNormal(20, 1));
  const values = noise.map((disturbance, row) => {
    const event = added[row]!;
    if (kind === 'errors') return poisson(random, 0.5 + Math.abs(event) * 0.6);
    if (kind === 'jobs') {
      const running = ((row * stepSeconds) % DAY) / DAY < 1 / 48;
      return scale * Math.max(0, 0.6 * disturbance + (running ? 12 : 0) + 0.7 * Math.abs(event));
    }
    const value = Math.max(0, height + ordinary[row]! + disturbance + event);
    return kind === 'load' ? Math.min(100, 3 * value) : scale * value;
  });
  const timestampSeconds = values.map((_, row) => START + row * stepSeconds);
  return {
    name: `${kind}-${index}`,
    stepSeconds,
    timestampSeconds,
    values,
    windows: windowsOf(events, timestampSeconds),
  };
}

/** Events after the probationary part, at least 20 rows apart. */
function placeEvents(random: Random, rows: number, count: number, length: () => number): readonly Event[] {
  const events: Event[] = [];
  for (let attempt = 0; attempt < 30 * count && events.length < count; attempt += 1) {
    const size = length();
    const from = random.integer(Math.floor(0.16 * rows), rows - size - 2);
    const to = from + size - 1;
    if (events.every((event) => from > event.to + 20 || to < event.from - 20)) events.push({ from, to });
  }
  return events.sort((a, b) => a.from - b.from);
}

function windowsOf(events: readonly Event[], timestampSeconds: readonly number[]): readonly LabelledWindow[] {
  const last = timestampSeconds.length - 1;
  return events.map(({ from, to }) => [
    timestampSeconds[Math.max(0, from - MARGIN_BEFORE)]!,
    timestampSeconds[Math.min(last, to + MARGIN_AFTER)]!,
  ]);
}

/** In standard deviations of the noise. In most series the events are of one size and direction. */
function eventShapes(random: Random, rows: number, events: readonly Event[]): readonly number[] {
  const added = new Array<number>(rows).fill(0);
  const common = random.logNormal(13, 0.55);
  const alike = random.uniform() < 0.6;
  const usual = random.uniform() < 0.75 ? 1 : -1;
  for (const { from, to } of events) {
    const size = alike ? common * random.logNormal(1, 0.25) : random.logNormal(12, 0.6);
    const direction = random.uniform() < 0.8 ? usual : -usual;
    const shape = random.pick([
      () => 1,
      (part: number) => 0.4 + 0.8 * part,
      (part: number) => 1.2 * Math.exp(-1.5 * part),
      () => 0.6 + 0.8 * random.uniform(),
    ]);
    for (let row = from; row <= to; row += 1)
      added[row] = direction * size * shape((row - from) / Math.max(1, to - from));
  }
  return added;
}

/** Autocorrelated, skewed if wanted, in half of the series with outliers that are no events. */
function makeNoise(random: Random, rows: number, skewed: boolean): readonly number[] {
  const memory = 0.9 * random.uniform();
  const outliers = random.uniform() < 0.5 ? 0 : random.logNormal(0.001, 0.8);
  let state = 0;
  return Array.from({ length: rows }, () => {
    state = memory * state + Math.sqrt(1 - memory * memory) * random.normal();
    const value = skewed ? (Math.exp(0.6 * state) - 1) * 1.4 : state;
    if (random.uniform() >= outliers) return value;
    return value + (random.uniform() < 0.8 ? 1 : -1) * random.logNormal(5, 0.6);
  });
}

/** Day and week, and in some series a drift or a shift of the level. */
function makeOrdinary(random: Random, rows: number, stepSeconds: number): readonly number[] {
  const daily = random.uniform() < 0.35 ? 0 : random.logNormal(3, 0.7);
  const weekend = random.uniform() < 0.5 ? 0 : 0.5 * random.uniform();
  const phase = DAY * random.uniform();
  const drift = random.uniform() < 0.3 ? ((random.uniform() - 0.5) * 12) / rows : 0;
  const shiftAt = random.uniform() < 0.25 ? random.integer(Math.floor(0.2 * rows), rows - 1) : rows;
  const shift = (random.uniform() < 0.5 ? 1 : -1) * random.logNormal(4, 0.5);
  return Array.from({ length: rows }, (_, row) => {
    const seconds = row * stepSeconds;
    const angle = (2 * Math.PI * (seconds + phase)) / DAY;
    const free = Math.floor(seconds / DAY) % 7 >= 5 ? weekend : 0;
    const day = daily * (Math.sin(angle) + 0.35 * Math.sin(2 * angle)) * (1 - free) - free * daily;
    return day + drift * row + (row >= shiftAt ? shift : 0);
  });
}

function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-Math.min(mean, 500));
  let product = random.uniform();
  let count = 0;
  for (; product > limit; count += 1) product *= random.uniform();
  return count;
}
