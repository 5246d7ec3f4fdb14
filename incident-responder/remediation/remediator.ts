import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { Logger } from 'pino';
import type { Incident } from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { ActionRun } from './action.ts';
import type { ActionDefinition } from './action-definition.ts';
import type { ActionRunStore } from './action-run-store.ts';
import type { ActionRunner } from './action-runner.ts';
import { describeCommand } from './command-kinds.ts';
import { objectionTo } from './guards.ts';
import { type Match, matchAction } from './match.ts';
import { fill } from './placeholders.ts';
import type { RunJournal } from './run-journal.ts';

const HOUR_MS = 3_600_000;
/** Runs in these states ended before anything was done: the action may match again. */
const NOT_TRIED: readonly ActionRun['state'][] = ['refused', 'cancelled'];

/** Proposals an hour of those who may not act, over all incidents: each asks for a person's attention. */
const PROPOSALS_AN_HOUR = 10;
/** After a run that could not be begun: what kept it may be over by then. */
const NOT_BEGUN_PAUSE_MS = 60_000;
const UNDER_WAY: readonly ActionRun['state'][] = ['approved', 'executing', 'verifying', 'rolling-back'];

interface Proposal {
  readonly incidentId: number;
  /** Name of the action's file. */
  readonly action: string;
  readonly by: string;
  readonly why: string;
}

export interface Remediator {
  /** Looks at what may be done about an incident now. One after the other, in the order of the calls. */
  consider(incidentId: number): Promise<void>;
  /** Puts an action before a person, whatever its class and how sure the root is. @returns its run, or why it cannot be proposed */
  propose(proposal: Proposal): Promise<{ readonly run: ActionRun } | { readonly refused: string }>;
  /** What is due: waits that ended, approvals given and run out. To be called every second. */
  tick(): void;
  /** At the start: goes on with what was left in the middle. */
  resume(): void;
  /** Resolves once no run is under way; after the runner's signal was aborted, soon. */
  idle(): Promise<void>;
}

export interface RemediatorOptions {
  readonly actions: ReadonlyMap<string, ActionDefinition>;
  readonly incidents: IncidentStore;
  readonly runs: ActionRunStore;
  readonly journal: RunJournal;
  readonly runner: ActionRunner;
  readonly prometheus: Pick<PrometheusClient, 'query'>;
  readonly log: Logger;
  readonly now: () => number;
}

/** Decides which action is taken when, from the actions' files and the guards. */
export function createRemediator(options: RemediatorOptions): Remediator {
  const { actions, incidents, runs, journal, runner, prometheus, log, now } = options;
  const underWay = new Set<Promise<void>>();
  let queue: Promise<void> = Promise.resolve();

  /** Preconditions are asked for in between: two decisions at once could both find the way free. */
  function inOrder(work: () => Promise<void>): Promise<void> {
    queue = queue.then(work).catch((error) => log.error({ err: error }, 'remediation failed'));
    return queue;
  }

  const pausedUntilMs = new Map<string, number>();
  function pause(key: string): void {
    for (const [each, untilMs] of pausedUntilMs) if (untilMs <= now()) pausedUntilMs.delete(each);
    pausedUntilMs.set(key, now() + NOT_BEGUN_PAUSE_MS);
  }
  const pauseOf = (action: string, incidentId: number) => `${incidentId} ${action}`;

  function launch(work: Promise<void>, { id, action, incidentId }: ActionRun): void {
    const done: Promise<void> = work
      .then(() => {
        if (runs.get(id)?.state === 'refused') pause(pauseOf(action, incidentId));
      })
      .catch((error) => log.error({ err: error, incidentId }, 'action run failed'))
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  const runsOf = (action: ActionDefinition, incidentId: number) =>
    runs.list({ incidentId, limit: 200 }).filter((run) => run.action === action.name);

  async function considerAll(incidentId: number): Promise<void> {
    const incident = incidents.get(incidentId);
    if (incident === undefined) return;
    const alerts = incidents.alerts(incidentId, 1000);
    for (const action of actions.values()) {
      const match = matchAction({ action, incident, alerts });
      const own = runsOf(action, incidentId);
      const waiting = own.find(({ state }) => state === 'scheduled');
      if (match === undefined) {
        if (waiting !== undefined)
          journal.record(waiting, { state: 'cancelled', reason: 'it no longer matches', endedAtMs: now() });
        continue;
      }
      if (waiting !== undefined) {
        if ((waiting.dueAtMs ?? 0) <= now()) await decide(action, incident, match, own, waiting);
      } else if (mayBeTried(action, match, own)) await decide(action, incident, match, own, undefined);
    }
  }

  /**
   * Once for each onset: an alert that began after the last try is new trouble. Not while it is still in force, where
   * another action takes it back; that one follows each time once.
   */
  function mayBeTried(action: ActionDefinition, match: Match, own: readonly ActionRun[]): boolean {
    const pausedMs = pausedUntilMs.get(pauseOf(action.name, Number(match.parameters.incident))) ?? 0;
    if (pausedMs > now()) return false;
    const tried = own.filter((run) => !NOT_TRIED.includes(run.state) && !isOnlyProposed(run));
    const lastSuccess = (name: string) =>
      runs
        .list({ incidentId: Number(match.parameters.incident), limit: 200 })
        .find((run) => run.action === name && run.state === 'succeeded')?.id ?? 0;
    if (action.undoes !== undefined) {
      const undone = lastSuccess(action.undoes);
      return undone > 0 && tried.every(({ id }) => id < undone);
    }
    const takenBackBy = [...actions.values()].find(({ undoes }) => undoes === action.name);
    if (takenBackBy !== undefined && lastSuccess(action.name) > lastSuccess(takenBackBy.name)) return false;
    return tried.every(({ createdAtMs }) => createdAtMs < match.onsetMs);
  }

  async function decide(
    action: ActionDefinition,
    incident: Incident,
    match: Match,
    own: readonly ActionRun[],
    waiting: ActionRun | undefined,
  ): Promise<void> {
    const enter = (state: ActionRun['state'], reason: string, more: Partial<ActionRun> = {}) => {
      if (waiting !== undefined) return journal.record(waiting, { state, reason, ...more });
      const latest = own[0];
      // Said once is enough: the same objection holds every few seconds.
      if (state === 'refused' && latest?.state === 'refused' && latest.reason === reason) return latest;
      return journal.open({ ...newRun(action, incident, match, now()), state, reason, ...more });
    };
    const ended = () => ({ endedAtMs: now() });
    const precondition = await preconditionOf(action, match);
    // Meanwhile a run may have ended: what it did is not done again.
    if (waiting === undefined && !mayBeTried(action, match, runsOf(action, incident.id))) return;
    if (precondition === 'does not hold') {
      if (waiting !== undefined) enter('cancelled', 'its precondition does not hold', ended());
      return;
    }
    const others = runs.recent(now() - HOUR_MS).filter(({ id }) => id !== waiting?.id);
    const objection = objectionTo({
      action,
      incidentId: incident.id,
      confidence: match.confidence,
      runs: others,
      nowMs: now(),
    });
    if (objection?.kind === 'wait') return;
    if (objection !== undefined) {
      enter('refused', objection.reason, ended());
      return;
    }
    if (precondition !== 'holds') {
      enter('refused', precondition, ended());
      return;
    }
    if (waiting === undefined && action.after > 0) {
      enter('scheduled', `in ${Math.round(action.after / 1000)} s, if it still matches`, {
        dueAtMs: now() + action.after,
      });
      return;
    }
    if (action.mode === 'shadow') enter('shadow', 'shadow mode: nothing was done', ended());
    else if (action.class === 'REQUIRES_APPROVAL')
      enter('proposed', 'waits for approval', { dueAtMs: now() + action.approvalWithin });
    else {
      const run = enter('approved', 'its class is SAFE');
      launch(runner.run(run, action), run);
    }
  }

  async function propose({ incidentId, action: name, by, why }: Proposal): ReturnType<Remediator['propose']> {
    const incident = incidents.get(incidentId);
    if (incident === undefined || incident.status === 'resolved')
      return { refused: `incident ${incidentId} is not open` };
    const action = actions.get(name);
    if (action === undefined || action.undoes !== undefined)
      return { refused: 'no such action, or one that only takes another back' };
    if (action.mode === 'shadow') return { refused: 'its mode is shadow: it would do nothing' };
    const waiting = runs
      .unfinished()
      .find((run) => run.incidentId === incidentId && run.state === 'proposed' && run.proposedBy === by);
    if (waiting?.action === name) return { run: waiting };
    if (waiting !== undefined)
      return { refused: `another proposal of this incident waits: ${waiting.title}` };
    const others = runs.recent(now() - HOUR_MS);
    if (others.filter((run) => run.proposedBy === by).length >= PROPOSALS_AN_HOUR)
      return { refused: `expected at most ${PROPOSALS_AN_HOUR} proposals an hour` };
    const alerts = incidents.alerts(incidentId, 1000);
    const match = incident.hypotheses
      .map((root) => matchAction({ action, incident: { ...incident, hypotheses: [root] }, alerts }))
      .find((each) => each !== undefined);
    if (match === undefined) return { refused: 'it fits no alert and no possible root of this incident' };
    const precondition = await preconditionOf(action, match);
    if (precondition !== 'holds')
      return { refused: precondition === 'does not hold' ? 'its precondition does not hold' : precondition };
    // A person decides, however sure the root is.
    const objection = objectionTo({ action, incidentId, confidence: 1, runs: others, nowMs: now() });
    if (objection !== undefined) return { refused: objection.reason };
    return {
      run: journal.open({
        ...newRun(action, incident, match, now()),
        state: 'proposed',
        proposedBy: by,
        reason: `${by} proposes it, and it waits for approval: ${why}`,
        dueAtMs: now() + action.approvalWithin,
      }),
    };
  }

  async function preconditionOf(action: ActionDefinition, match: Match): Promise<string> {
    if (action.precondition === undefined) return 'holds';
    let query: string;
    try {
      query = fill(action.precondition, match.parameters);
    } catch (error) {
      return `its precondition cannot be asked: ${(error as Error).message}`;
    }
    try {
      return (await prometheus.query(query)).length > 0 ? 'holds' : 'does not hold';
    } catch (error) {
      log.warn({ action: action.name, reason: (error as Error).message }, 'precondition not known');
      return 'its precondition is not known: Prometheus does not answer';
    }
  }

  function tickRun(run: ActionRun): void {
    const action = actions.get(run.action);
    if (run.state === 'proposed' && (run.dueAtMs ?? 0) <= now())
      journal.record(run, { state: 'expired', reason: 'nobody approved it in time', endedAtMs: now() });
    if (run.state !== 'approved' || launched.has(run.id)) return;
    if (action === undefined) {
      journal.record(run, { state: 'refused', reason: 'its action is no longer there', endedAtMs: now() });
      return;
    }
    const isAnotherUnderWay = (other: ActionRun) =>
      other.id !== run.id && other.incidentId === run.incidentId && UNDER_WAY.includes(other.state);
    if (run.proposedBy !== undefined && runs.unfinished().some(isAnotherUnderWay)) return;
    launched.add(run.id);
    launch(runner.run(run, action), run);
  }
  /** Approved by a person and begun by this process. */
  const launched = new Set<number>();

  async function considerDue(): Promise<void> {
    for (const run of runs.unfinished())
      if (run.state === 'scheduled' && (run.dueAtMs ?? 0) <= now()) await considerAll(run.incidentId);
  }
  /** From when it stands in line on. */
  let isDueConsidered = false;

  return {
    consider: (incidentId) => inOrder(() => considerAll(incidentId)),
    async propose(proposal) {
      let outcome: Awaited<ReturnType<typeof propose>> = { refused: 'it could not be proposed' };
      await inOrder(async () => {
        outcome = await propose(proposal);
      });
      return outcome;
    },
    tick() {
      // What a person approved waits for no precondition of something else, nor for a Prometheus that is slow.
      for (const run of runs.unfinished())
        if (run.approvals.length > 0 || run.state === 'proposed') tickRun(run);
      if (isDueConsidered) return;
      isDueConsidered = true;
      inOrder(considerDue).finally(() => {
        isDueConsidered = false;
      });
    },
    resume() {
      for (const run of runs.unfinished()) {
        if (run.state === 'scheduled' || run.state === 'proposed') continue;
        const action = actions.get(run.action);
        if (action === undefined)
          journal.record(run, {
            state: run.state === 'approved' ? 'refused' : 'rollback-failed',
            reason: 'its action is no longer there',
            endedAtMs: now(),
          });
        else if (run.state === 'approved') {
          launched.add(run.id);
          launch(runner.run(run, action), run);
        } else launch(runner.resume(run, action), run);
      }
    },
    async idle() {
      await queue;
      await Promise.all(underWay);
    },
  };
}

/** Somebody else's proposal of an action that needs none keeps it from nothing. */
const isOnlyProposed = ({ proposedBy, class: class_, state }: ActionRun) =>
  proposedBy !== undefined && class_ === 'SAFE' && (state === 'proposed' || state === 'expired');

function newRun(
  action: ActionDefinition,
  incident: Incident,
  match: Match,
  nowMs: number,
): Omit<ActionRun, 'id' | 'state' | 'reason'> {
  return {
    incidentId: incident.id,
    action: action.name,
    title: action.title,
    class: action.class,
    mode: action.mode,
    confidence: match.confidence,
    parameters: match.parameters,
    command: describeCommand(action.command, match.parameters),
    verification: { query: action.verification.query, outcome: null },
    approvals: [],
    createdAtMs: nowMs,
    dueAtMs: null,
    startedAtMs: null,
    endedAtMs: null,
  };
}
