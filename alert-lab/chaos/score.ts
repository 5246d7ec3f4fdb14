import type { Fault } from '../fault/read-faults.ts';
import type { ExperimentRecord, IncidentRecord, PlayedFault } from './experiment-record.ts';
import { tellsOf } from './tells-of.ts';

/** How the responder's ranking of roots compares with the truth. */
interface RankingScore {
  /** The first root's service is a true one. */
  readonly isFirst: boolean;
  readonly isInThree: boolean;
  /** The first one's trigger is right, too, and its instance where one is to blame. */
  readonly isWhole: boolean;
  /** Of the first. */
  readonly confidence: number;
}

/** What the platform made of one fault. Seconds count from when it began; null for what did not happen. */
export interface FaultScore {
  readonly experiment: number;
  readonly fault: string;
  readonly ended: PlayedFault['ended'];
  readonly place: 'alone' | 'beside-harmless' | 'first-of-two' | 'second-of-two';
  /** By an alert that its file names, or by what else takes care of it. */
  readonly detectedSeconds: number | null;
  readonly isInTime: boolean;
  /** Until an alert was notified. */
  readonly notifiedSeconds: number | null;
  /** Incidents that opened meanwhile. */
  readonly incidents: number;
  /** It has an incident: one of its own, or that of the fault before it. */
  readonly hasIncident: boolean;
  /** Alerts in it. */
  readonly alerts: number;
  /** Notifications of something that fires to people: pages and tickets. */
  readonly notifications: number;
  /** As it was first told, and as it was in the end. */
  readonly firstRoot: RankingScore | null;
  readonly lastRoot: RankingScore | null;
  readonly isRootInPostmortem: boolean | null;
  readonly acted: readonly string[];
  readonly wrongActs: readonly string[];
  readonly mayHeal: boolean;
  /** Until it did no harm any more, before it was put back. */
  readonly healedSeconds: number | null;
}

export interface ExperimentScore {
  readonly faults: readonly FaultScore[];
  readonly quietSeconds: number;
  readonly falseIncidents: number;
  readonly budgetSpent: Readonly<Record<string, number>>;
  readonly isCalm: boolean;
  readonly problems: readonly string[];
}

/** Who reads these has to do something. */
const PEOPLE = ['page', 'ticket'];

/** What was seen, held against what is true. @throws Error where a fault's file is not there any more */
export function scoreExperiment(
  record: ExperimentRecord,
  faults: ReadonlyMap<string, Fault>,
): ExperimentScore {
  const truths = record.played.map(({ fault: name }) => {
    const fault = faults.get(name);
    if (fault === undefined) throw new Error(`experiment ${record.experiment.number}: no fault ${name}`);
    return fault;
  });
  // What a fault's actions take back may come when the next has begun.
  const right = truths.flatMap(({ expect }) => expect.actions);
  return {
    faults: record.played.map((played, index) =>
      scoreFault(record, played, {
        fault: truths[index]!,
        untilMs: record.played[index + 1]?.beganMs ?? Number.POSITIVE_INFINITY,
        rightActions: right,
        place:
          record.experiment.faults.length > 1
            ? index === 0
              ? 'first-of-two'
              : 'second-of-two'
            : record.experiment.herring === null
              ? 'alone'
              : 'beside-harmless',
      }),
    ),
    quietSeconds: record.quiet.seconds,
    falseIncidents: record.quiet.incidents,
    budgetSpent: record.budgetSpent,
    isCalm: record.calmAfterSeconds !== null,
    problems: record.problems,
  };
}

function scoreFault(
  record: ExperimentRecord,
  played: PlayedFault,
  context: {
    readonly fault: Fault;
    /** What begins from here on is the next fault's. */
    readonly untilMs: number;
    readonly rightActions: readonly string[];
    readonly place: FaultScore['place'];
  },
): FaultScore {
  const { fault, untilMs, rightActions, place } = context;
  const { beganMs } = played;
  const isMeanwhile = (atMs: number) => atMs >= beganMs && atMs < untilMs;
  const isItsAlert = (alert: IncidentRecord['alerts'][number]) =>
    alert.seenMs < untilMs && tellsOf(alert, fault, beganMs);
  const after = (timesMs: readonly number[]) =>
    timesMs.length === 0 ? null : Math.max(0, Math.round((Math.min(...timesMs) - beganMs) / 1000));

  const its = record.incidents.filter(({ alerts }) => alerts.some(isItsAlert));
  const incident = its.toSorted((one, other) => one.openedMs - other.openedMs)[0];
  const itsNotifications = record.notifications.filter(({ alerts }) => alerts.some(isItsAlert));
  const detectedSeconds = after([
    ...record.incidents.flatMap(({ alerts }) => alerts.filter(isItsAlert).map((each) => each.seenMs)),
    ...itsNotifications.flatMap(({ alerts }) => alerts.filter(isItsAlert).map((each) => each.seenMs)),
    ...(played.noticedMs === null ? [] : [played.noticedMs]),
  ]);
  const rankings = incident?.rankings.filter(({ atMs }) => isMeanwhile(atMs)) ?? [];
  const begun = record.actions.filter(({ startedMs }) => startedMs !== null && isMeanwhile(startedMs));
  return {
    experiment: record.experiment.number,
    fault: fault.name,
    ended: played.ended,
    place,
    detectedSeconds,
    isInTime:
      detectedSeconds !== null &&
      (fault.expect.detectedWithin === undefined || detectedSeconds <= fault.expect.detectedWithin),
    notifiedSeconds: after(itsNotifications.map(({ atMs }) => atMs)),
    incidents: record.incidents.filter(({ openedMs }) => isMeanwhile(openedMs)).length,
    hasIncident: incident !== undefined,
    alerts: incident?.alerts.filter(({ seenMs }) => isMeanwhile(seenMs)).length ?? 0,
    notifications: record.notifications.filter(
      ({ atMs, receiver, alerts }) => isMeanwhile(atMs) && PEOPLE.includes(receiver) && alerts.length > 0,
    ).length,
    firstRoot: rankingScore(rankings[0], fault),
    lastRoot: rankingScore(rankings.at(-1), fault),
    isRootInPostmortem: incident?.postmortem == null ? null : namesRoot(incident.postmortem, fault),
    acted: begun.map(({ action }) => action),
    wrongActs: begun.map(({ action }) => action).filter((action) => !rightActions.includes(action)),
    mayHeal: fault.expect.mayHeal,
    healedSeconds: played.healedMs === null ? null : after([played.healedMs]),
  };
}

function rankingScore(
  ranking: IncidentRecord['rankings'][number] | undefined,
  { truth }: Fault,
): RankingScore | null {
  const first = ranking?.roots[0];
  if (ranking === undefined || first === undefined || truth === undefined) return null;
  const isRight = ({ service }: { service: string }) => truth.service.includes(service);
  return {
    isFirst: isRight(first),
    isInThree: ranking.roots.some(isRight),
    isWhole:
      isRight(first) &&
      truth.cause.some((cause) => cause === first.cause) &&
      (truth.instance === undefined || truth.instance === first.instance),
    confidence: first.confidence,
  };
}

/** The instance where one is to blame, else the service; by whole names. */
function namesRoot(summary: string, { truth }: Fault): boolean {
  const words = summary.split(/[^\w-]+/);
  return (truth?.instance ? [truth.instance] : (truth?.service ?? [])).some((name) => words.includes(name));
}
