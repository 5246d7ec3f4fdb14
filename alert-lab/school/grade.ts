import type { Flight } from './flight.ts';
import type { Mission } from './read-missions.ts';

/** What each part is worth; together 100. */
const POINTS = {
  acknowledged: 10,
  impact: 10,
  service: 15,
  trigger: 10,
  localised: 10,
  mitigated: 15,
  mitigatedInTime: 10,
  budget: 10,
  contributing: 5,
  improve: 5,
} as const;
const WRONG_ACT_COST = 10;
/** Later than so many times the target is worth nothing. */
const TOO_LATE = 3;

export interface Card {
  /** Seconds from the page. */
  readonly acknowledgeSeconds: number | null;
  readonly localiseSeconds: number | null;
  readonly mitigateSeconds: number | null;
  readonly mitigatedBy: 'pilot' | 'responder' | 'nobody' | null;
  readonly isImpactRight: boolean;
  readonly isServiceRight: boolean;
  /** Of the right service, its cause and, where one is to blame, its instance. */
  readonly isTriggerRight: boolean;
  readonly isContributingRight: boolean;
  readonly isImprovementRight: boolean;
  readonly wrongActs: readonly string[];
  readonly budgetSpent: number;
  readonly hintCost: number;
  /** 0..100; null for a flight that was interrupted, or that nobody was paged of. */
  readonly points: number | null;
}

/** What a flight was worth, held against what is true of its fault. */
export function grade(
  flight: Flight,
  mission: Pick<Mission, 'fault' | 'rightActs' | 'targets' | 'impact' | 'contributing' | 'improve'>,
): Card {
  const { pagedMs, root, mitigatedMs, acts, pilot, budgetSpent, hintCost } = flight;
  const { truth } = mission.fault;
  const { targets } = mission;
  const sincePage = (atMs: number | null) =>
    atMs === null || pagedMs === null ? null : Math.max(0, Math.round((atMs - pagedMs) / 1000));

  const isServiceRight = root !== null && truth.service.includes(root.service);
  const isTriggerRight =
    isServiceRight &&
    truth.cause.some((cause) => cause === root.cause) &&
    (truth.instance === undefined || truth.instance === root.instance);
  const isRight = ({ what }: { what: string }) => mission.rightActs.includes(what);
  const helped = acts.filter((act) => isRight(act) && mitigatedMs !== null && act.atMs <= mitigatedMs);
  const own = pilot === 'responder' ? 'responder' : 'pilot';
  const mitigatedBy = mitigatedMs === null ? null : (helped.at(0)?.by ?? 'nobody');
  const wrongActs = acts.filter((act) => act.by === own && !isRight(act)).map(({ what }) => what);
  const acknowledgeSeconds = sincePage(flight.acknowledgedMs);
  const localiseSeconds = isServiceRight ? sincePage(root.atMs) : null;
  const mitigateSeconds = sincePage(mitigatedMs);
  const isImpactRight = flight.impact === mission.impact;
  const isContributingRight = mission.contributing.some((each) => each === flight.contributing);
  const isImprovementRight = mission.improve.some((each) => each === flight.improve);

  let points = pace(acknowledgeSeconds, targets.acknowledge) * POINTS.acknowledged;
  if (isImpactRight) points += POINTS.impact;
  if (isServiceRight) points += POINTS.service + pace(localiseSeconds, targets.localise) * POINTS.localised;
  if (isTriggerRight) points += POINTS.trigger;
  if (isContributingRight) points += POINTS.contributing;
  if (isImprovementRight) points += POINTS.improve;
  if (mitigatedBy === own)
    points +=
      POINTS.mitigated +
      pace(mitigateSeconds, targets.mitigate) * POINTS.mitigatedInTime +
      pace(budgetSpent, targets.budget) * POINTS.budget;
  points -= hintCost + wrongActs.length * WRONG_ACT_COST;
  return {
    acknowledgeSeconds,
    localiseSeconds,
    mitigateSeconds,
    mitigatedBy,
    isImpactRight,
    isServiceRight,
    isTriggerRight,
    isContributingRight,
    isImprovementRight,
    wrongActs,
    budgetSpent,
    hintCost,
    points:
      flight.ended === 'interrupted' || pagedMs === null
        ? null
        : Math.max(0, Math.min(100, Math.round(points))),
  };
}

/** 1 within the target, less the later, 0 from {@link TOO_LATE} targets on and for what did not happen. */
function pace(value: number | null, target: number): number {
  if (value === null) return 0;
  return Math.max(0, Math.min(1, (TOO_LATE - value / target) / (TOO_LATE - 1)));
}
