import type { VerdictSource } from '../incidents/incident.ts';
import type { ScoredIncident } from '../incidents/incident-store.ts';
import type { ActionRun } from '../remediation/action.ts';
import type { ToldAlert } from '../store/notification-store.ts';
import { type NoisyAlert, noisiestAlerts } from './noisiest-alerts.ts';
import { quantile } from './quantile.ts';
import { TARGETS } from './targets.ts';

export const STAGES = ['detect', 'acknowledge', 'mitigate', 'resolve'] as const;
type Stage = (typeof STAGES)[number];

interface StageTimes {
  readonly incidents: number;
  /** From the onset of the incident's first alert; null of none. */
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
  /** Of the median. */
  readonly targetSeconds: number;
}

/** Roots of which so much was claimed, and how many of them were right. */
interface CalibrationBand {
  readonly from: number;
  readonly judged: number;
  readonly claimed: number | null;
  readonly right: number;
}

/** How well incidents were found and dealt with in a time. Shares are 0..1, and null where there is nothing to share. */
export interface Scorecard {
  readonly incidents: {
    readonly opened: number;
    readonly resolved: number;
    readonly alertsEach: number | null;
  };
  readonly times: Readonly<Record<Stage, StageTimes>>;
  readonly roots: {
    readonly judged: number;
    readonly right: number;
    readonly accuracy: number | null;
    readonly target: number;
    readonly judgedBy: Readonly<Record<VerdictSource, number>>;
    readonly calibration: readonly CalibrationBand[];
  };
  /** Incidents in which nothing was wrong. */
  readonly falseAlarms: number;
  /** Resolved by an action that nobody approved, before anybody took the incident on. */
  readonly autoHealed: number;
  readonly actions: {
    readonly begun: number;
    readonly succeeded: number;
    readonly takenBack: number;
    readonly judgedRight: number;
    readonly judgedWrong: number;
  };
  /** Notifications that woke somebody. */
  readonly pages: { readonly count: number; readonly targetAPersonWeek: number };
  readonly postmortems: { readonly written: number; readonly ofResolved: number };
  readonly noisiest: readonly NoisyAlert[];
}

export interface ScorecardFacts {
  readonly incidents: readonly ScoredIncident[];
  readonly runs: readonly ActionRun[];
  readonly told: readonly ToldAlert[];
}

/** From below, each up to the next. */
export const CLAIMED_FROM = [0, 0.2, 0.4, 0.6, 0.8] as const;

export const bandOf = (confidence: number): number =>
  CLAIMED_FROM.findLast((from) => confidence >= from) ?? 0;

export function scorecard({ incidents, runs, told }: ScorecardFacts): Scorecard {
  const resolved = incidents.filter(({ resolvedAtMs }) => resolvedAtMs !== null);
  const judged = incidents.filter(({ verdict }) => verdict === 'right' || verdict === 'wrong');
  const right = judged.filter(({ verdict }) => verdict === 'right').length;
  const begun = runs.filter(({ startedAtMs }) => startedAtMs !== null);
  const runsIn = (...states: ActionRun['state'][]) =>
    runs.filter(({ state }) => states.includes(state)).length;
  const pages = told.filter(({ severity, status }) => severity === 'page' && status === 'firing');
  return {
    incidents: {
      opened: incidents.length,
      resolved: resolved.length,
      alertsEach: share(
        incidents.reduce((sum, { alertCount }) => sum + alertCount, 0),
        incidents.length,
      ),
    },
    times: {
      detect: times(incidents, 'detect', ({ detectedAtMs }) => detectedAtMs),
      acknowledge: times(incidents, 'acknowledge', ({ acknowledgedAtMs }) => acknowledgedAtMs),
      mitigate: times(incidents, 'mitigate', ({ mitigatedAtMs }) => mitigatedAtMs),
      resolve: times(incidents, 'resolve', ({ resolvedAtMs }) => resolvedAtMs),
    },
    roots: {
      judged: judged.length,
      right,
      accuracy: share(right, judged.length),
      target: TARGETS.rootAccuracy,
      judgedBy: {
        people: judged.filter(({ source }) => source === 'people').length,
        drill: judged.filter(({ source }) => source === 'drill').length,
      },
      calibration: CLAIMED_FROM.map((from) => {
        const band = judged.filter(({ confidence }) => confidence !== null && bandOf(confidence) === from);
        const claimed = band.reduce((sum, { confidence }) => sum + confidence!, 0);
        return {
          from,
          judged: band.length,
          claimed: share(claimed, band.length),
          right: band.filter(({ verdict }) => verdict === 'right').length,
        };
      }),
    },
    falseAlarms: incidents.filter(({ verdict }) => verdict === 'false-alarm').length,
    autoHealed: resolved.filter((incident) => healedAlone(incident, runs)).length,
    actions: {
      begun: begun.length,
      succeeded: runsIn('succeeded'),
      takenBack: runsIn('rolled-back', 'rollback-failed'),
      judgedRight: runs.filter(({ judged: by }) => by?.verdict === 'right').length,
      judgedWrong: runs.filter(({ judged: by }) => by?.verdict === 'wrong').length,
    },
    pages: {
      count: new Set(pages.map(({ notificationId }) => notificationId)).size,
      targetAPersonWeek: TARGETS.pagesAPersonWeek,
    },
    postmortems: {
      written: resolved.filter(({ hasPostmortem }) => hasPostmortem).length,
      ofResolved: resolved.length,
    },
    noisiest: noisiestAlerts(told),
  };
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function times(
  incidents: readonly ScoredIncident[],
  stage: Stage,
  reachedAtMs: (incident: ScoredIncident) => number | null,
): StageTimes {
  const seconds = incidents.flatMap((incident) => {
    const atMs = reachedAtMs(incident);
    return atMs === null ? [] : [Math.max(0, atMs - incident.startedAtMs) / 1000];
  });
  return {
    incidents: seconds.length,
    medianSeconds: quantile(seconds, 0.5) ?? null,
    p90Seconds: quantile(seconds, 0.9) ?? null,
    targetSeconds: TARGETS.medianSeconds[stage],
  };
}

const healedAlone = ({ id, acknowledgedBy }: ScoredIncident, runs: readonly ActionRun[]): boolean =>
  (acknowledgedBy === null || acknowledgedBy === 'responder') &&
  runs.some(
    ({ incidentId, state, approvals }) =>
      incidentId === id && state === 'succeeded' && approvals.length === 0,
  );
