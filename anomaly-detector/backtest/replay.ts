import type { SeasonCalendar } from '../calendar/season-calendar.ts';
import type { Anomaly } from '../model/anomaly.ts';
import { ALARM_THRESHOLD, type SeriesModelOptions } from '../model/series-model.ts';
import type { Rule } from '../rules/rule.ts';
import type { Episode } from '../watch/episode.ts';
import { createWatchedSeries, type SeriesObservation } from '../watch/watched-series.ts';
import type { InputRow } from './samples.ts';

export interface ReplayedRow {
  readonly row: InputRow;
  /** Undefined for a row that could not be read. */
  readonly observation: SeriesObservation | undefined;
}

export interface ReplayedAnomaly {
  readonly anomaly: Pick<Anomaly, 'startSeconds' | 'severity' | 'score'> & {
    readonly direction: Episode['direction'];
    readonly peak: Anomaly['peak'];
  };
  /** When it was known: the row that opened it. */
  readonly foundSeconds: number;
  /** Undefined while it lasts beyond the last row. */
  readonly endSeconds: number | undefined;
}

export interface Replay {
  readonly rows: readonly ReplayedRow[];
  readonly anomalies: readonly ReplayedAnomaly[];
}

/** The rule that watches a recorded series as it would be watched live: every row is a moment of its grid. */
export function ruleOf(options: ReplayOptions): Rule {
  const { stepSeconds } = options;
  return {
    name: 'backtest',
    title: 'Recorded series',
    unit: '',
    query: '',
    events: options.hasEvents ? 'recorded' : undefined,
    windowSeconds: stepSeconds,
    stepSeconds,
    backfill: { historySeconds: 0, stepSeconds, windowSeconds: stepSeconds, recentSeconds: 0 },
    seasonality: options.seasonality ?? 'auto',
    direction: options.direction ?? 'both',
    minimumAbsoluteDeviation: options.minimumAbsoluteDeviation ?? 0,
    minimumRelativeDeviation: options.minimumRelativeDeviation ?? 0,
    expectedFalseAlarmsPerWeek: options.expectedFalseAlarmsPerWeek,
    minimum: options.minimum ?? (options.hasEvents ? 0 : undefined),
    maximum: options.maximum ?? (options.hasEvents ? 1 : undefined),
    severity: 'info',
    service: undefined,
    labels: undefined,
    forEach: undefined,
    measures: undefined,
    stuck: 'anomaly',
    vanished: 'ignore',
    vanishedAfterSeconds: stepSeconds,
    maxSeries: 1,
    runbook: undefined,
    dashboard: '',
    coveredBy: [],
    limits: [],
    lookFirst: [],
    suggestedActions: [],
  };
}

/** What is known beforehand of the days that are replayed and wanted of the alarm, beside the options of the model. */
export interface ReplayOptions extends SeriesModelOptions {
  readonly expectedFalseAlarmsPerWeek?: number | undefined;
  readonly calendar?: SeasonCalendar | undefined;
  /** Whether rows say how many events their value is a share of. */
  readonly hasEvents?: boolean;
}

/** Runs one series through what watches it live, row by row. */
export function replay(rows: readonly InputRow[], options: ReplayOptions): Replay {
  const { stepSeconds, timeZone, parameters, calendar } = options;
  const watched = createWatchedSeries({ rule: ruleOf(options), timeZone, labels: {}, parameters, calendar });
  const anomalies: ReplayedAnomaly[] = [];
  let foundSeconds = 0;
  const replayed = rows.map((row): ReplayedRow => {
    if (!('sample' in row)) return { row, observation: undefined };
    const { timestampSeconds: atSeconds, value, events } = row.sample;
    const before = watched.episode;
    const last = watched.lastMomentSeconds;
    if (atSeconds - last > 1.5 * stepSeconds && last > Number.NEGATIVE_INFINITY)
      watched.observe({
        atSeconds: last + stepSeconds,
        stepSeconds,
        value: undefined,
        missingIsVanished: false,
      });
    const skipped = watched.observe({ atSeconds, stepSeconds, value, events, missingIsVanished: false });
    if (skipped !== undefined) return { row, observation: { kind: 'rejected', reason: skipped } };
    const { episode, endedEpisode } = watched;
    if (episode !== undefined && before === undefined) foundSeconds = atSeconds;
    if (episode === undefined && before !== undefined)
      anomalies.push(replayedAnomaly(endedEpisode!, foundSeconds));
    return { row, observation: watched.latest.observation };
  });
  if (watched.episode) anomalies.push(replayedAnomaly(watched.episode, foundSeconds));
  return { rows: replayed, anomalies };
}

function replayedAnomaly(episode: Episode, foundSeconds: number): ReplayedAnomaly {
  const { startsAtSeconds, endedAtSeconds, direction, severity, score, peak } = episode;
  return {
    // A series that is only ever replayed does not vanish, and what is off has a sample furthest off.
    anomaly: { startSeconds: startsAtSeconds, direction, severity, score, peak: peak! },
    foundSeconds,
    endSeconds: endedAtSeconds,
  };
}

/** True where the score says alarm. */
export function isAlarm({ observation }: ReplayedRow): boolean {
  return observation?.kind === 'scored' && observation.score >= ALARM_THRESHOLD;
}
