import type { BurnRatePair } from '../model/burn-rate-windows.ts';
import { secondsOf } from '../model/durations.ts';
import { type EventTimeline, hasRate, windowErrorRatio } from './event-timeline.ts';

/** Scrape and evaluation interval of the timelines in seconds. */
export const TICK_SECONDS = 15;

/**
 * At which ticks the page should fire, computed from the events alone: an account of what the rules mean that shares nothing
 * with their PromQL. @returns one value a tick
 */
export function pageModel(timeline: EventTimeline, pairs: readonly BurnRatePair[]): boolean[] {
  const fires: boolean[] = [];
  for (let tick = 0; tick < timeline.total.length; tick += 1) {
    const before = fires[tick - 1] ?? false;
    const isBlind = !hasRate(timeline, tick, ticksOf('5m'));
    fires.push((before && isBlind) || pairs.some((pair) => pairFires(timeline, tick, pair, before)));
  }
  return fires;
}

/** Whether both windows of a pair are over its threshold; a page that fires already needs no event in the short one. */
export function pairFires(
  timeline: EventTimeline,
  tick: number,
  pair: BurnRatePair,
  before = false,
): boolean {
  const threshold = Number(pair.threshold);
  const long = windowErrorRatio(timeline, tick, ticksOf(pair.long));
  const short = windowErrorRatio(timeline, tick, ticksOf(pair.short));
  return long !== undefined && long > threshold && (short === undefined ? before : short > threshold);
}

export function ticksOf(window: string): number {
  return secondsOf(window) / TICK_SECONDS;
}
