import { z } from 'zod';

const WEEK_SECONDS = 604_800;
/** What comes within so long is one incident. */
const BLOCK_SECONDS = 6 * 3600;
/** The past counts half after so many weeks. */
const HALF_LIFE_WEEKS = 8;
/** Levels of evidence at which the past is counted, each so many times the one before; 1 is the built-in alarm. */
const LEVELS = 14;
const LEVEL_MIN = 0.1;
const LEVEL_RATIO = 1.4;
/**
 * What is expected of a series before its own past is known, and counts as so many weeks of it: the built-in alarm is
 * made for so many a week, and half the evidence comes three times as often.
 */
const BUILT_IN_PER_WEEK = 0.35;
const BUILT_IN_POWER = 1.6;
const BUILT_IN_WEEKS = 2;
/** A past full of incidents, which count as false alarms, moves the alarm no further than this from where it began. */
const PAST_FACTOR = 3;

export const savedFalseAlarmRate = z.object({
  /** Weeks of the past that count, and how many incidents in them reached each level. */
  weeks: z.number(),
  reached: z.array(z.number()).length(LEVELS),
  block: z.number(),
  peak: z.number(),
});
type SavedFalseAlarmRate = z.output<typeof savedFalseAlarmRate>;

export type FalseAlarmRate = {
  /** Evidence >= 0 of a sample against the series, 1 at the built-in alarm. */
  note(atSeconds: number, evidence: number): void;
  /** The evidence that the series' own past, with incidents taken for false alarms, exceeds no more often than wanted. */
  readonly threshold: number;
  save(): SavedFalseAlarmRate;
};

/** Calibrates the alarm on the series' own past, so that it is raised as often as a person said. Pure: no clock, no I/O. */
export function createFalseAlarmRate(perWeek: number, saved?: SavedFalseAlarmRate): FalseAlarmRate {
  let state = saved ?? { weeks: 0, reached: new Array<number>(LEVELS).fill(0), block: -1, peak: 0 };
  let threshold = thresholdOf(state, perWeek);
  return {
    note(atSeconds, evidence) {
      const block = Math.floor(atSeconds / BLOCK_SECONDS);
      if (block === state.block) {
        if (evidence > state.peak) state = { ...state, peak: evidence };
        return;
      }
      const { weeks, reached, peak } = state;
      const passed = state.block < 0 ? 0 : BLOCK_SECONDS / WEEK_SECONDS;
      const kept = 0.5 ** (passed / HALF_LIFE_WEEKS);
      state = {
        weeks: weeks * kept + passed,
        reached: reached.map((count, level) => count * kept + (peak >= levelAt(level) ? 1 : 0)),
        block,
        peak: evidence,
      };
      threshold = thresholdOf(state, perWeek);
    },
    get threshold() {
      return threshold;
    },
    save: () => state,
  };
}

const levelAt = (level: number): number => LEVEL_MIN * LEVEL_RATIO ** level;

/** The level that is reached as seldom as wanted, as far as the past may say so. */
function thresholdOf(state: SavedFalseAlarmRate, perWeek: number): number {
  const builtIn = (BUILT_IN_PER_WEEK / perWeek) ** (1 / BUILT_IN_POWER);
  return Math.min(Math.max(levelReached(state, perWeek), builtIn / PAST_FACTOR), builtIn * PAST_FACTOR);
}

/** Between two counted levels by what lies between, on a logarithmic scale. */
function levelReached({ weeks, reached }: SavedFalseAlarmRate, perWeek: number): number {
  const rateAt = (level: number) => {
    const builtIn = BUILT_IN_PER_WEEK * levelAt(level) ** -BUILT_IN_POWER;
    return (reached[level]! + BUILT_IN_WEEKS * builtIn) / (weeks + BUILT_IN_WEEKS);
  };
  let above = rateAt(0);
  if (above <= perWeek) return LEVEL_MIN;
  for (let level = 1; level < LEVELS; level += 1) {
    const rate = rateAt(level);
    if (rate <= perWeek) {
      const part = Math.log(above / perWeek) / Math.log(above / rate);
      return levelAt(level - 1 + part);
    }
    above = rate;
  }
  return Number.POSITIVE_INFINITY;
}
