import { median } from '@aiops-sre/service-kit/statistics/median.ts';
import {
  type CountedStep,
  type Deviation,
  failureDeviation,
  levelDeviation,
  MIN_STEPS_BEFORE,
  type NoiseFloor,
  spreadOf,
  type WeighedStep,
} from './deviation.ts';

export type Signal = 'requests' | 'failed-ratio' | 'duration' | 'duration-p99' | 'cpu' | 'memory' | 'load';

/**
 * One signal of one service over time: requests in a step, the ratio of them that failed (0..1), durations in seconds, CPU in
 * percent of a core, memory in bytes, load in units of its own.
 */
export interface SignalSeries {
  readonly service: string;
  readonly signal: Signal;
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** null: no sample. */
  readonly values: readonly (number | null)[];
}

/**
 * An alert comes so long after what it tells of, about: its windows and its `for`. Of what has not run for long, a time
 * before that may hold the first of the trouble says more than none.
 */
const ALERT_LAGS_SECONDS = [120, 60, 30] as const;
/** Looked at since; later the trouble has spread, or somebody has done something about it. */
const LOOKED_AT_SECONDS = 900;
/** The time before that it is compared with, where somebody has to be asked for it. */
const BEFORE_SECONDS = 3600;

/** The time that says all: from an hour before the onset of the first alert to a quarter of an hour after. */
export const timeAround = (onsetSeconds: number) => ({
  startSeconds: onsetSeconds - ALERT_LAGS_SECONDS[0] - BEFORE_SECONDS,
  endSeconds: onsetSeconds + LOOKED_AT_SECONDS,
});

/** The three ways in which a service tells of trouble. */
export const TROUBLES = ['errors', 'duration', 'saturation'] as const;
export type Trouble = (typeof TROUBLES)[number];

interface LoadChange {
  readonly before: number;
  readonly after: number;
}

export interface ServiceDeviations {
  readonly service: string;
  /** Where it was measured. */
  readonly troubles: Readonly<Partial<Record<Trouble, Deviation>>>;
  /** Requests in a step, at the median, before and since; undefined where they differ by no more than noise. */
  readonly load?: LoadChange | undefined;
  /** Something of it was measured since, and has no time before: what is not in `troubles` may be any. */
  readonly tooNew: boolean;
  /** Its failures are those that traces of its callers show, not counted ones. */
  readonly byTraces?: true;
}

const FLOORS: Readonly<Record<Exclude<Signal, 'requests' | 'failed-ratio'>, NoiseFloor>> = {
  duration: { relative: 0.1, absolute: 0.001 },
  'duration-p99': { relative: 0.15, absolute: 0.005 },
  cpu: { relative: 0.1, absolute: 1 },
  memory: { relative: 0.05, absolute: 1e6 },
  load: { relative: 0.15, absolute: 1 },
};
const TROUBLE_OF: Readonly<Record<keyof typeof FLOORS, Trouble>> = {
  duration: 'duration',
  'duration-p99': 'duration',
  cpu: 'saturation',
  memory: 'saturation',
  load: 'saturation',
};

/**
 * Each service since the onset of the first alert, and what led to it, against itself before. Of several signals of one
 * trouble the farthest off counts; services without a time before or since are left out. Pure.
 */
export function serviceDeviations(
  series: readonly SignalSeries[],
  onsetSeconds: number,
): ServiceDeviations[] {
  const byService = Map.groupBy(series, ({ service }) => service);
  return [...byService]
    .map(([service, own]) => {
      const requests = own.find(({ signal }) => signal === 'requests');
      const troubles: Partial<Record<Trouble, Deviation>> = {};
      let tooNew = false;
      for (const each of own) {
        const { trouble, deviation, isNew } = deviationOf(each, requests, onsetSeconds);
        tooNew ||= isNew;
        if (trouble === undefined || deviation === undefined) continue;
        if (deviation.distance >= (troubles[trouble]?.distance ?? 0)) troubles[trouble] = deviation;
      }
      return { service, troubles, load: requests && loadChange(requests, onsetSeconds), tooNew };
    })
    .filter(({ troubles }) => Object.keys(troubles).length > 0);
}

function deviationOf(
  series: SignalSeries,
  requests: SignalSeries | undefined,
  onsetSeconds: number,
): { readonly trouble?: Trouble; readonly deviation?: Deviation | undefined; readonly isNew: boolean } {
  const { signal } = series;
  if (signal === 'requests') return { isNew: false };
  const { before, after } = split(series, requests, onsetSeconds);
  const isNew = before.length < MIN_STEPS_BEFORE && after.length > 0;
  if (signal === 'failed-ratio')
    return {
      trouble: 'errors',
      deviation: failureDeviation(before.map(counted), after.map(counted)),
      isNew,
    };
  const growth = signal === 'cpu' ? growthOf(before, after) : 1;
  const expected = before.map((step) => ({ ...step, value: step.value * growth }));
  return { trouble: TROUBLE_OF[signal], deviation: levelDeviation(expected, after, FLOORS[signal]), isNew };
}

/** So many times as many requests, or as few, are another load. */
export const OTHER_LOAD = 1.5;
/** In units of its own spread before. */
const FAR_OFF = 3;

function loadChange(requests: SignalSeries, onsetSeconds: number): LoadChange | undefined {
  const { before, after } = split(requests, undefined, onsetSeconds);
  if (before.length < MIN_STEPS_BEFORE || after.length === 0) return undefined;
  const levels = before.map(({ value }) => value);
  const [then, now] = [median(levels), median(after.map(({ value }) => value))];
  const isOther = now > OTHER_LOAD * then || now * OTHER_LOAD < then;
  return then > 0 && isOther && Math.abs(now - then) > FAR_OFF * spreadOf(levels)
    ? { before: then, after: now }
    : undefined;
}

/** More requests use more of the processor: that much more is as it should be. */
function growthOf(before: readonly WeighedStep[], after: readonly WeighedStep[]): number {
  const [then, now] = [before, after].map((steps) => median(steps.map(({ requests }) => requests ?? 0)));
  return then! > 0 && now! > then! ? now! / then! : 1;
}

/** Without counts a ratio is taken to be of so many requests a step. */
const UNCOUNTED_REQUESTS = 20;

function counted({ value, requests = UNCOUNTED_REQUESTS }: WeighedStep): CountedStep {
  return { requests, failures: value * requests };
}

function split(series: SignalSeries, requests: SignalSeries | undefined, onsetSeconds: number) {
  const steps = series.values.flatMap((value, index) => {
    const endSeconds = series.startSeconds + (index + 1) * series.stepSeconds;
    const seen = value !== null && endSeconds - series.stepSeconds < onsetSeconds + LOOKED_AT_SECONDS;
    return seen ? [{ value, requests: countAt(requests, endSeconds), endSeconds }] : [];
  });
  const parted = (lagSeconds: number) => {
    const isBefore = ({ endSeconds }: (typeof steps)[number]) => endSeconds <= onsetSeconds - lagSeconds;
    return { before: steps.filter(isBefore), after: steps.filter((step) => !isBefore(step)) };
  };
  const all = ALERT_LAGS_SECONDS.map(parted);
  return all.find(({ before }) => before.length >= MIN_STEPS_BEFORE) ?? all[0]!;
}

function countAt(requests: SignalSeries | undefined, endSeconds: number): number | undefined {
  if (requests === undefined) return undefined;
  const index = Math.round((endSeconds - requests.startSeconds) / requests.stepSeconds) - 1;
  return requests.values[index] ?? undefined;
}
