import { median } from '@aiops-sre/service-kit/statistics/median.ts';
import {
  type CountedStep,
  type Deviation,
  failureDeviation,
  levelDeviation,
  type NoiseFloor,
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

/** An alert comes so long after what it tells of, about: its windows and its `for`. */
const ALERT_LAG_SECONDS = 120;
/** Looked at since; later the trouble has spread, or somebody has done something about it. */
const LOOKED_AT_SECONDS = 900;
/** The time before that it is compared with, where somebody has to be asked for it. */
const BEFORE_SECONDS = 3600;

/** The time that says all: from an hour before the onset of the first alert to a quarter of an hour after. */
export const timeAround = (onsetSeconds: number) => ({
  startSeconds: onsetSeconds - ALERT_LAG_SECONDS - BEFORE_SECONDS,
  endSeconds: onsetSeconds + LOOKED_AT_SECONDS,
});

/** The three ways in which a service tells of trouble. */
export const TROUBLES = ['errors', 'duration', 'saturation'] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface ServiceDeviations {
  readonly service: string;
  /** Where it was measured. */
  readonly troubles: Readonly<Partial<Record<Trouble, Deviation>>>;
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
      for (const each of own) {
        const [trouble, deviation] = deviationOf(each, requests, onsetSeconds);
        if (trouble === undefined || deviation === undefined) continue;
        if (deviation.distance >= (troubles[trouble]?.distance ?? 0)) troubles[trouble] = deviation;
      }
      return { service, troubles };
    })
    .filter(({ troubles }) => Object.keys(troubles).length > 0);
}

function deviationOf(
  series: SignalSeries,
  requests: SignalSeries | undefined,
  onsetSeconds: number,
): [Trouble | undefined, Deviation | undefined] {
  const { signal } = series;
  if (signal === 'requests') return [undefined, undefined];
  const { before, after } = split(series, requests, onsetSeconds);
  if (signal === 'failed-ratio') return ['errors', failureDeviation(before.map(counted), after.map(counted))];
  const growth = signal === 'cpu' ? growthOf(before, after) : 1;
  const expected = before.map((step) => ({ ...step, value: step.value * growth }));
  return [TROUBLE_OF[signal], levelDeviation(expected, after, FLOORS[signal])];
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
  const before: WeighedStep[] = [];
  const after: WeighedStep[] = [];
  for (const [index, value] of series.values.entries()) {
    if (value === null) continue;
    const endSeconds = series.startSeconds + (index + 1) * series.stepSeconds;
    const step = { value, requests: countAt(requests, endSeconds) };
    if (endSeconds <= onsetSeconds - ALERT_LAG_SECONDS) before.push(step);
    else if (endSeconds - series.stepSeconds < onsetSeconds + LOOKED_AT_SECONDS) after.push(step);
  }
  return { before, after };
}

function countAt(requests: SignalSeries | undefined, endSeconds: number): number | undefined {
  if (requests === undefined) return undefined;
  const index = Math.round((endSeconds - requests.startSeconds) / requests.stepSeconds) - 1;
  return requests.values[index] ?? undefined;
}
