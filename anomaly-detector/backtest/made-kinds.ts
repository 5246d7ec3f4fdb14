import { createRandom, type Random } from './random.ts';

const MINUTES_A_DAY = 1440;
export const KIND_STEP_SECONDS = 300;
/** A Monday. */
const KIND_START_SECONDS = Date.UTC(2026, 1, 2) / 1000;

/** A series of one kind: what is usual at a minute since its start, and one incident, if any. */
interface Kind {
  readonly days: number;
  readonly usual: (minutes: number, random: Random) => number;
  /** How many events a value is a share of. */
  readonly events?: (minutes: number) => number;
  /** Minutes since the start, [from, until), and what becomes of what is usual; `part` goes from 0 to 1. */
  readonly incident?: readonly [number, number, (usual: number, part: number, random: Random) => number];
}

const at = (day: number, hour: number) => day * MINUTES_A_DAY + hour * 60;
const hourOf = (minutes: number) => (minutes % MINUTES_A_DAY) / 60;
const isWeekend = (minutes: number) => Math.floor(minutes / MINUTES_A_DAY) % 7 >= 5;
const hump = (minutes: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * minutes) / MINUTES_A_DAY);
const noisy = (value: number, share: number, random: Random) => value * (1 + share * random.normal());
const traffic = (minutes: number, random: Random) =>
  noisy((80 + 240 * hump(minutes)) * (isWeekend(minutes) ? 0.6 : 1), 0.04, random);
/** How many of so many rare events happen. */
function poisson(mean: number, random: Random): number {
  let count = 0;
  for (let left = Math.exp(-mean), product = random.uniform(); product > left; product *= random.uniform())
    count += 1;
  return count;
}
function failedShare(requests: number, probability: number, random: Random): number {
  let failed = 0;
  for (let request = 0; request < requests; request += 1) failed += random.uniform() < probability ? 1 : 0;
  return failed / requests;
}
const requestsAt = (minutes: number) => Math.round(2 + 800 * hump(minutes) ** 2);

/**
 * Kinds of operational series, each with what a person would call its incident, for pictures to look at. Their draws are
 * nobody's test data.
 */
const MADE_KINDS: Readonly<Record<string, Kind>> = {
  drop: { days: 28, usual: traffic, incident: [at(24, 11), at(24, 13), (usual) => 0.35 * usual] },
  surge: { days: 28, usual: traffic, incident: [at(23, 3), at(23, 4), (usual) => 3 * usual] },
  'to-zero': { days: 28, usual: traffic, incident: [at(25, 15), at(25, 17), () => 0] },
  'latency-shift': {
    days: 28,
    usual: (minutes, random) => random.logNormal(0.12 + 0.05 * hump(minutes), 0.15),
    incident: [at(24, 9), at(24, 15), (usual) => usual + 0.3],
  },
  'drift-of-a-day': {
    days: 28,
    usual: (minutes, random) => 200 + 20 * hump(minutes) + 4 * random.normal(),
    incident: [at(23, 6), at(24, 8), (usual, part) => usual + 120 * part],
  },
  'new-level-for-good': {
    days: 35,
    usual: (_, random) => 50 + 2 * random.normal(),
    incident: [at(24, 8), at(35, 0), (usual) => usual + 25],
  },
  'closed-at-weekends': {
    days: 42,
    usual: (minutes, random) =>
      !isWeekend(minutes) && hourOf(minutes) >= 8 && hourOf(minutes) < 18
        ? Math.round(noisy(90, 0.1, random))
        : 0,
    incident: [at(38, 13), at(38, 14), () => 5],
  },
  'weekly-backup': {
    days: 49,
    usual(minutes, random) {
      const runs =
        Math.floor(minutes / MINUTES_A_DAY) % 7 === 6 && hourOf(minutes) >= 2 && hourOf(minutes) < 3.5;
      return 40 + 20 * hump(minutes) + 3 * random.normal() + (runs ? 250 : 0);
    },
    incident: [at(45, 10), at(45, 11), (usual) => usual + 250],
  },
  'job-every-90-minutes': {
    days: 28,
    usual: (minutes, random) => 20 + 2 * random.normal() + (minutes % 90 < 10 ? 60 : 0),
    incident: [at(24, 7), at(24, 9), (usual) => usual + 60],
  },
  'sawtooth-of-7-hours': {
    days: 28,
    usual: (minutes, random) => 100 + (minutes % 420) / 4 + 2 * random.normal(),
    incident: [at(24, 7), at(24, 15), (_, part) => 200 + 150 * part],
  },
  'share-of-failures': {
    days: 28,
    usual: (minutes, random) => failedShare(requestsAt(minutes), 0.01, random),
    events: requestsAt,
    incident: [
      at(24, 11),
      at(24, 12),
      (_, part, random) => failedShare(requestsAt(at(24, 11) + 60 * part), 0.08, random),
    ],
  },
  'mostly-zero-with-a-burst': {
    days: 28,
    usual: (_, random) => poisson(0.02, random),
    incident: [at(24, 9), at(24, 10), () => 4],
  },
  'counts-that-stop': {
    days: 28,
    usual: (minutes, random) => poisson(2 + 10 * hump(minutes), random),
    incident: [at(24, 10), at(24, 14), () => 0],
  },
  stuck: {
    days: 28,
    usual: (_, random) => Math.round(10 * (70 + 5 * random.normal())) / 10,
    incident: [at(24, 8), at(24, 14), () => 71.3],
  },
  'one-impossible-sample': {
    days: 35,
    usual: (minutes, random) => (minutes === at(10, 5) ? 1e12 : traffic(minutes, random)),
    incident: [at(30, 11), at(30, 12), (usual) => 0.3 * usual],
  },
  growth: {
    days: 49,
    usual: (minutes, random) => traffic(minutes, random) * (1 + minutes / at(35, 0)),
    incident: [at(45, 11), at(45, 13), (usual) => 0.4 * usual],
  },
  'twice-as-noisy-by-day': {
    days: 28,
    usual: (minutes, random) => 100 + (2 + 12 * hump(minutes)) * random.normal(),
    incident: [at(24, 2), at(24, 3), (usual) => usual + 30],
  },
  'nothing-ever': { days: 42, usual: traffic },
};

export interface MadeKind {
  readonly name: string;
  readonly timestampSeconds: readonly number[];
  readonly values: readonly number[];
  /** How many events each value is a share of. */
  readonly events: readonly number[] | undefined;
  /** [first, last] sample of each incident, Unix seconds. */
  readonly windows: readonly (readonly [number, number])[];
}

/** @param seed the same gives the same series */
export function makeKinds(seed: number): readonly MadeKind[] {
  return Object.entries(MADE_KINDS).map(([name, { days, usual, events, incident }], index) => {
    const random = createRandom(1000 * seed + index);
    const minutes = Array.from(
      { length: (days * 86_400) / KIND_STEP_SECONDS },
      (_, row) => (row * KIND_STEP_SECONDS) / 60,
    );
    const secondsOf = (minute: number) => KIND_START_SECONDS + 60 * minute;
    const values = minutes.map((minute) => {
      const value = usual(minute, random);
      if (incident === undefined || minute < incident[0] || minute >= incident[1]) return value;
      return incident[2](value, (minute - incident[0]) / (incident[1] - incident[0]), random);
    });
    const windows = incident
      ? [[secondsOf(incident[0]), secondsOf(incident[1]) - KIND_STEP_SECONDS] as const]
      : [];
    const timestampSeconds = minutes.map(secondsOf);
    return { name, timestampSeconds, values, events: events && minutes.map(events), windows };
  });
}
