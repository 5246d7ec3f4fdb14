import type { RosterCheck } from './roster-check.ts';
import type { Shift } from './schedule.ts';
import type { OnCall } from './start-on-call.ts';

const DAY_MS = 86_400_000;
/** Looked ahead for shifts, gaps and load, and back for pages. */
const AHEAD_DAYS = 28;
/** A shift that begins within that is shown as a whole. */
const WHOLE_MS = 21 * DAY_MS;

export interface OnCallView {
  readonly now: readonly Shift[];
  /** Of each rotation the coming ones, in the order of time. */
  readonly next: readonly Shift[];
  readonly check: RosterCheck;
  /** What people are called. */
  readonly names: Readonly<Record<string, string>>;
}

/** Who is on call now and in the next four weeks; undefined where there is no roster. */
export function onCallView(onCall: Pick<OnCall, 'current' | 'pages'>, nowMs: number): OnCallView | undefined {
  const { roster, scheduling } = onCall.current();
  if (roster === undefined || scheduling === undefined) return undefined;
  const untilMs = nowMs + AHEAD_DAYS * DAY_MS;
  const rotations = Object.keys(roster.rotations);
  return {
    now: rotations.map((name) => scheduling.shiftAt(roster, name, nowMs)),
    next: rotations
      .flatMap((name) => scheduling.shifts(roster, name, nowMs, untilMs + WHOLE_MS).slice(1))
      .filter(({ fromMs }) => fromMs < untilMs)
      .toSorted((a, b) => a.fromMs - b.fromMs),
    check: scheduling.checkRoster(roster, {
      fromMs: nowMs,
      untilMs,
      pages: onCall.pages.since(nowMs - AHEAD_DAYS * DAY_MS),
      pagesDays: AHEAD_DAYS,
    }),
    names: Object.fromEntries(Object.entries(roster.people).map(([id, { name }]) => [id, name])),
  };
}

/** What who is on call in each rotation is called, null for nobody; empty where there is no roster. */
export function onCallNow(onCall: Pick<OnCall, 'current'>, nowMs: number): readonly (string | null)[] {
  const { roster, scheduling } = onCall.current();
  if (roster === undefined || scheduling === undefined) return [];
  return Object.keys(roster.rotations).map((name) => {
    const [person] = scheduling.notified(roster, [name], nowMs);
    return person === undefined ? null : roster.people[person]!.name;
  });
}
