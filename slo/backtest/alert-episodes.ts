import type { BurnRatePair } from '../model/burn-rate-windows.ts';
import { secondsOf } from '../model/durations.ts';
import { type EventRates, EventWindows, RATE_SAMPLES, STEP_SECONDS } from './event-rates.ts';

/** A stretch during which an alert would have fired. */
export interface AlertEpisode {
  readonly severity: 'page' | 'ticket';
  /** Unix seconds of the evaluation at which it fires, and of the first at which it does not any more. */
  readonly startSeconds: number;
  /** Undefined while it still fires at the end of the data. */
  readonly endSeconds: number | undefined;
  /** Highest burn rate over a pair's long window while it fired. */
  readonly peakBurnRate: number;
  /** Bad events from the beginning of the window that made it fire to its end. */
  readonly badEvents: number;
}

export interface EpisodeOptions {
  readonly rates: EventRates;
  /** Episodes that begin before are not reported: their windows reach into time without data. */
  readonly fromSeconds: number;
  readonly pairs: readonly BurnRatePair[];
  readonly errorBudget: number;
  readonly minimumBadEvents: number;
}

/** Half an event of tolerance, as in the rules. */
const TOLERANCE = 0.5;
const OUTAGE_RATIO = 0.5;
const OUTAGE_EVENTS = 3;
/** Firing again within five minutes is the same alert to people: Alertmanager tells of no change sooner. */
const SAME_ALERT_SAMPLES = 5;

/**
 * What the burn-rate alerts would have done, computed from events alone and evaluated every minute. The same conditions as
 * the generated rules: both windows over the threshold, enough bad events, tickets scaled by the share of their window that
 * has data, a page that stays while its short window has no event and while there is no telemetry.
 */
export function alertEpisodes(options: EpisodeOptions): AlertEpisode[] {
  const windows = new EventWindows(options.rates);
  return (['page', 'ticket'] as const).flatMap((severity) =>
    episodesOf(severity, windows, {
      ...options,
      pairs: options.pairs.filter((pair) => pair.severity === severity),
    }),
  );
}

function episodesOf(
  severity: AlertEpisode['severity'],
  windows: EventWindows,
  { rates, fromSeconds, pairs, errorBudget, minimumBadEvents }: EpisodeOptions,
): AlertEpisode[] {
  const episodes: AlertEpisode[] = [];
  let open:
    | { readonly startIndex: number; readonly beginIndex: number; lastIndex: number; peakBurnRate: number }
    | undefined;
  const timeOf = (index: number) => rates.startSeconds + index * STEP_SECONDS;
  const close = (index: number, isOver: boolean) => {
    if (!open) return;
    const { startIndex, beginIndex, peakBurnRate } = open;
    if (timeOf(startIndex) >= fromSeconds)
      episodes.push({
        severity,
        startSeconds: timeOf(startIndex),
        endSeconds: isOver ? timeOf(index) : undefined,
        peakBurnRate,
        badEvents: windows.over(Math.min(index, windows.length - 1), tiled(index - beginIndex)).bad,
      });
    open = undefined;
  };
  for (let index = 0; index < windows.length; index += 1) {
    const firing = pairs.filter((pair) => fires(windows, index, pair, open !== undefined, minimumBadEvents));
    const isBlind = severity === 'page' && Number.isNaN(rates.total[index]);
    if (firing.length === 0) {
      if (!isBlind && open && index - open.lastIndex > SAME_ALERT_SAMPLES) close(open.lastIndex + 1, true);
      if (isBlind && open) open.lastIndex = index;
      continue;
    }
    const burnRate = Math.max(
      ...firing.map(({ long }) => {
        const { bad, total } = windows.over(index, samplesOf(long));
        return bad / total / errorBudget;
      }),
    );
    open ??= {
      startIndex: index,
      beginIndex: index - Math.min(...firing.map(({ long }) => samplesOf(long))),
      lastIndex: index,
      peakBurnRate: 0,
    };
    open.lastIndex = index;
    open.peakBurnRate = Math.max(open.peakBurnRate, burnRate);
  }
  if (open) close(open.lastIndex + 1, windows.length - 1 - open.lastIndex > SAME_ALERT_SAMPLES);
  return episodes;
}

function fires(
  windows: EventWindows,
  index: number,
  pair: BurnRatePair,
  before: boolean,
  minimumBadEvents: number,
): boolean {
  const threshold = Number(pair.threshold);
  const long = windows.over(index, samplesOf(pair.long));
  if (long.total === 0) return false;
  const ratio = long.bad / long.total;
  const scaled = pair.severity === 'ticket' ? ratio * long.coverage : ratio;
  if (scaled <= threshold) return false;
  const short = windows.over(index, samplesOf(pair.short));
  const isShortOver =
    short.total === 0 ? before && pair.severity === 'page' : short.bad / short.total > threshold;
  if (!isShortOver) return false;
  return (
    long.bad > minimumBadEvents - TOLERANCE ||
    (ratio >= OUTAGE_RATIO && long.bad > Math.min(minimumBadEvents, OUTAGE_EVENTS) - TOLERANCE)
  );
}

const samplesOf = (window: string) => secondsOf(window) / STEP_SECONDS;

/** The next window that samples can tile. */
const tiled = (samples: number) => Math.max(1, Math.ceil(samples / RATE_SAMPLES)) * RATE_SAMPLES;
