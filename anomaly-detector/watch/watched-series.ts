import type { Happening, SeasonCalendar } from '../calendar/season-calendar.ts';
import { type AnomalyTracker, createAnomalyTracker } from '../model/anomaly.ts';
import { wallClock, weekdayOf } from '../model/expectation/wall-clock.ts';
import type { Parameters } from '../model/parameters.ts';
import { createSeriesModel, restoreSeriesModel } from '../model/seasonal-model.ts';
import type { Observation, SeriesModel } from '../model/series-model.ts';
import { type BreachWatch, createBreachWatch, type Prediction } from '../predict/breach-watch.ts';
import type { Rule } from '../rules/rule.ts';
import { createAssessor } from './assessor.ts';
import { continued, type Episode, endReasonOf } from './episode.ts';
import { createRunUp } from './run-up.ts';
import type { SavedSeries, SavedState } from './saved-series.ts';
import type { Labels } from './series-key.ts';

/** A series that is back after a gap has no whole rate until it is there for a window: not scored, not learnt. */
export type SeriesObservation =
  | Observation
  | { readonly kind: 'settling' }
  | { readonly kind: 'rejected'; readonly reason: Skip }
  /** During maintenance: neither judged nor learnt. */
  | { readonly kind: 'muted'; readonly by: Happening };

/** What one moment of the evaluation grid brought. */
type Moment = {
  readonly atSeconds: number;
  /** Seconds since the moment before: coarser while history is read. */
  readonly stepSeconds: number;
  /** undefined: the answer had no sample for this series at this moment. */
  readonly value: number | undefined;
  /** How many events the value is a share of, where the rule asks for them; NaN where nobody knows. */
  readonly events?: number | undefined;
  /** Whether a missing sample means a missing series: false for history, outages and incomplete answers. */
  readonly missingIsVanished: boolean;
};

/** Skips are said by name, so that they can be counted. */
export type Skip = 'not-a-number' | 'infinite' | 'out-of-order' | 'duplicate' | 'no-events';

export type WatchedSeries = {
  readonly labels: Labels;
  /** Moments in order of time; one that is not after the last is skipped. */
  observe(moment: Moment): Skip | undefined;
  readonly lastMomentSeconds: number;
  readonly lastSeenSeconds: number;
  readonly firstSeenSeconds: number;
  /** The latest value and what the model said of it; undefined value: none at the latest moment. */
  readonly latest: { readonly value: number | undefined; readonly observation: SeriesObservation };
  /** The lasting episode, and the one before. */
  readonly episode: Episode | undefined;
  readonly endedEpisode: Episode | undefined;
  /** The latest scored sample, whatever came after it. */
  readonly lastScored: { readonly atSeconds: number; readonly value: number } | undefined;
  /** What the latest expectation was made of beside the level. */
  readonly basis: {
    readonly season: SeriesModel['season'];
    /** How often that part of the season was seen before; 30 for more. */
    readonly visits: number;
    /** Of the latest moment, in English; that of the day off on a holiday. */
    readonly weekday: string;
    readonly holiday: string | undefined;
  };
  /** How it nears the limits of its rule: lasting predictions and the ones last taken back. */
  predictions(): readonly Prediction[];
  /** How likely it is to cross each limit of its rule. */
  breachProbabilities(): ReturnType<BreachWatch['probabilities']>;
  save(): SavedSeries;
};

/** A series missing for longer than this is taken as gone for good: its episode ends, its return is no news. */
export const GIVE_UP_SECONDS = 3600;

/** Absence is news after so many usual gaps; and how fast gaps are learnt, and forgotten where none come. */
const USUAL_GAPS = 1.5;
const GAP_RATE = 0.3;
const USUAL_GAP_HALF_LIFE_SECONDS = 6 * 3600;

/** The model, the anomalies and the comings and goings of one series. Pure: no clock, no I/O. */
export function createWatchedSeries(options: {
  rule: Rule;
  timeZone: string;
  labels: Labels;
  saved?: SavedSeries;
  parameters?: Parameters | undefined;
  calendar?: SeasonCalendar | undefined;
}): WatchedSeries {
  const { rule, labels, saved, parameters, calendar } = options;
  const service = labels.service ?? rule.service;
  const clock = calendar?.clock(service) ?? wallClock(options.timeZone);
  const modelOptions = {
    // The width of the model's seasonal slots: those that coarse history fills, or live samples would find them empty.
    stepSeconds: rule.backfill.stepSeconds,
    timeZone: options.timeZone,
    clock,
    seasonality: rule.seasonality,
    direction: rule.direction,
    minimumAbsoluteDeviation: rule.minimumAbsoluteDeviation,
    minimumRelativeDeviation: rule.minimumRelativeDeviation,
    minimum: rule.minimum,
    maximum: rule.maximum,
    parameters,
  };
  const model = saved ? restoreSeriesModel(modelOptions, saved.model) : createSeriesModel(modelOptions);
  const tracker: AnomalyTracker = createAnomalyTracker(saved ? { snapshot: saved.state.tracker } : {});
  const breaches = rule.limits.length > 0 ? createBreachWatch(rule, saved?.state.breaches) : undefined;
  const assessor = createAssessor({ rule, model, parameters, saved: saved?.state.assessor });
  const settleSeconds = rule.query.includes('$window') ? rule.windowSeconds : 0;
  const runUp = createRunUp(settleSeconds + 2 * rule.stepSeconds, saved?.state.runUp);

  let state: SavedState = saved?.state ?? {
    firstSeenSeconds: Number.NEGATIVE_INFINITY,
    lastMomentSeconds: Number.NEGATIVE_INFINITY,
    lastSeenSeconds: Number.NEGATIVE_INFINITY,
    presentSinceSeconds: Number.NEGATIVE_INFINITY,
    absentSeconds: 0,
    usualGapSeconds: 0,
    scoredBefore: false,
    tracker: tracker.snapshot(),
    assessor: assessor.save(),
    runUp: runUp.save(),
  };
  let latest: WatchedSeries['latest'] = { value: undefined, observation: { kind: 'no-data' } };

  /** Whether the sample can stand for its whole window, and since when the series is there. */
  function settle({ atSeconds, stepSeconds }: Moment): boolean {
    const { mutedSeconds = Number.NEGATIVE_INFINITY } = state;
    const awaySeconds = atSeconds - Math.max(state.lastSeenSeconds, mutedSeconds);
    const isBack = awaySeconds > 1.5 * stepSeconds;
    const usualGapSeconds = isBack ? usualGapAfter(awaySeconds) : state.usualGapSeconds;
    // After maintenance its end is still in the window.
    const startsAnew = isBack || mutedSeconds >= state.presentSinceSeconds;
    const presentSinceSeconds = startsAnew ? atSeconds : state.presentSinceSeconds;
    const firstSeenSeconds = state.firstSeenSeconds < 0 ? atSeconds : state.firstSeenSeconds;
    state = {
      ...state,
      firstSeenSeconds,
      presentSinceSeconds,
      lastSeenSeconds: atSeconds,
      absentSeconds: 0,
      usualGapSeconds,
    };
    return atSeconds - presentSinceSeconds >= settleSeconds;
  }

  /** A gap counts for less the longer the series was there before it: what happens once a week is not usual. */
  function usualGapAfter(gapSeconds: number): number {
    if (!Number.isFinite(gapSeconds)) return 0;
    const presentSeconds = state.lastSeenSeconds - state.presentSinceSeconds;
    const before = state.usualGapSeconds * 0.5 ** (presentSeconds / USUAL_GAP_HALF_LIFE_SECONDS);
    return before + GAP_RATE * (Math.min(gapSeconds, GIVE_UP_SECONDS) - before);
  }

  function present(moment: Moment, value: number): SeriesObservation {
    if (!settle(moment)) return { kind: 'settling' };
    breaches?.before(moment.atSeconds, value, model);
    const { active, anomaly } = tracker.snapshot();
    const { atSeconds, events } = moment;
    const open = active ? anomaly?.direction : undefined;
    const observation = assessor.assess({ atSeconds, value, events, open });
    breaches?.after(moment.atSeconds, value, model);
    if (observation.kind === 'scored') runUp.add(moment.atSeconds, value, observation);
    if (observation.kind === 'scored' || observation.kind === 'warming-up')
      state = {
        ...state,
        missingSinceSeconds: undefined,
        scoredBefore: state.scoredBefore || observation.kind === 'scored',
      };
    conclude(moment, tracker.observe(moment.atSeconds, value, observation).state);
    return observation;
  }

  function absent(moment: Moment): SeriesObservation {
    const { atSeconds, stepSeconds, missingIsVanished } = moment;
    if (missingIsVanished && rule.vanished === 'anomaly') {
      const absentSeconds = state.absentSeconds + stepSeconds;
      const patienceSeconds = Math.max(rule.vanishedAfterSeconds, USUAL_GAPS * state.usualGapSeconds);
      const wasMissed = state.scoredBefore && absentSeconds >= patienceSeconds;
      const isGone = absentSeconds > GIVE_UP_SECONDS;
      state = {
        ...state,
        absentSeconds,
        missingSinceSeconds:
          wasMissed && !isGone
            ? (state.missingSinceSeconds ??
              Math.max(state.lastSeenSeconds, state.mutedSeconds ?? 0) + stepSeconds)
            : undefined,
        scoredBefore: state.scoredBefore && !isGone,
      };
      conclude(moment, isGone ? 'none' : undefined);
    }
    assessor.interrupt();
    return model.gap(atSeconds);
  }

  /** What lasts goes on; what comes and goes meanwhile is no news, and teaches nothing. */
  function mute({ atSeconds, value }: Moment, by: Happening): void {
    state = {
      ...state,
      mutedSeconds: atSeconds,
      absentSeconds: 0,
      ...(value === undefined ? {} : { lastSeenSeconds: atSeconds }),
    };
    assessor.interrupt();
    latest = { value: Number.isFinite(value) ? value : undefined, observation: { kind: 'muted', by } };
  }

  /** Opens, continues or ends the episode. Without a word from the tracker an open anomaly of its stays open. */
  function conclude(
    { atSeconds, value }: Moment,
    trackerSays: 'none' | 'active' | 'ended' | undefined,
  ): void {
    const snapshot = tracker.snapshot();
    const isOff = trackerSays === undefined ? snapshot.active : trackerSays === 'active';
    const { missingSinceSeconds, episode } = state;
    if (isOff || missingSinceSeconds !== undefined) {
      const anomaly = isOff ? snapshot.anomaly : undefined;
      state = {
        ...state,
        episode: continued(episode, { anomaly, missingSinceSeconds, onsetOf: runUp.onsetOf }),
      };
    } else if (episode !== undefined) {
      const { levelMoved, season } = model;
      const hasSeason = season !== 'level';
      const endReason = endReasonOf(episode, { atSeconds, value, hasSeason, levelMoved });
      const endedEpisode = { ...episode, endedAtSeconds: atSeconds, endReason };
      state = { ...state, episode: undefined, endedEpisode };
    }
  }

  return {
    labels,
    get firstSeenSeconds() {
      return state.firstSeenSeconds;
    },
    get lastMomentSeconds() {
      return state.lastMomentSeconds;
    },
    get lastSeenSeconds() {
      return state.lastSeenSeconds;
    },
    get latest() {
      return latest;
    },
    get episode() {
      return state.episode;
    },
    get endedEpisode() {
      return state.endedEpisode;
    },
    get lastScored() {
      return runUp.last();
    },
    get basis() {
      const { season, visits } = model;
      const at = state.lastMomentSeconds;
      const weekday = weekdayOf(at + clock.spanAt(at).offsetSeconds);
      return { season, visits, weekday, holiday: calendar?.holiday(at, service)?.name };
    },
    observe(moment) {
      if (moment.atSeconds === state.lastMomentSeconds) return 'duplicate';
      if (moment.atSeconds < state.lastMomentSeconds) return 'out-of-order';
      state = { ...state, lastMomentSeconds: moment.atSeconds };
      const { value } = moment;
      const maintenance = calendar?.muting(moment.atSeconds, service);
      if (maintenance !== undefined) {
        mute(moment, maintenance);
        return undefined;
      }
      // 0/0 of a quiet service, or a division by zero: the series is there and has nothing to say.
      const counted = rule.events === undefined || (moment.events ?? 0) > 0;
      const usable = value !== undefined && Number.isFinite(value) && counted;
      if (value !== undefined && !usable)
        state = { ...state, lastSeenSeconds: moment.atSeconds, absentSeconds: 0 };
      const observation = usable
        ? present(moment, value)
        : value === undefined
          ? absent(moment)
          : model.gap(moment.atSeconds);
      latest = { value: usable ? value : undefined, observation };
      if (value === undefined || usable) return undefined;
      if (Number.isFinite(value)) return 'no-events';
      return Number.isNaN(value) ? 'not-a-number' : 'infinite';
    },
    predictions: () => breaches?.predictions() ?? [],
    breachProbabilities: () => breaches?.probabilities() ?? [],
    save: () => ({
      labels,
      state: {
        ...state,
        tracker: tracker.snapshot(),
        assessor: assessor.save(),
        runUp: runUp.save(),
        ...(breaches ? { breaches: breaches.save() } : {}),
      },
      model: model.serialize(),
    }),
  };
}
