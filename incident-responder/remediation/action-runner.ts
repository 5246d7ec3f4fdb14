import type { DatabaseSync } from 'node:sqlite';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { inTransaction } from '../store/database.ts';
import type { ActionRun } from './action.ts';
import type { ActionDefinition } from './action-definition.ts';
import type { ActionRunStore } from './action-run-store.ts';
import type { CommandMeans } from './command.ts';
import { commandFor } from './command-kinds.ts';
import { fill } from './placeholders.ts';
import type { RunJournal } from './run-journal.ts';
import { verify } from './verification.ts';

const PREPARE_TIMEOUT_MS = 10_000;

export interface ActionRunner {
  /** Carries an approved run out, verifies it, rolls it back if that fails. Resolves when it ended, or on `stop`. */
  run(run: ActionRun, action: ActionDefinition): Promise<void>;
  /**
   * Goes on with a run that a crash or a stop left in the middle. Whether its command was carried out nobody knows: the
   * verification says, and what does not verify is rolled back.
   */
  resume(run: ActionRun, action: ActionDefinition): Promise<void>;
}

export interface ActionRunnerOptions {
  readonly database: DatabaseSync;
  readonly runs: ActionRunStore;
  readonly incidents: IncidentStore;
  readonly journal: RunJournal;
  readonly prometheus: Pick<PrometheusClient, 'query'>;
  readonly means: CommandMeans;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly verifyEveryMs?: number | undefined;
}

export function createActionRunner(options: ActionRunnerOptions): ActionRunner {
  const { database, runs, incidents, journal, prometheus, means, signal, now } = options;
  const within = (timeoutMs: number) => AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const parametersOf = (run: ActionRun) => ({
    ...run.parameters,
    run: String(run.id),
    started: String(Math.floor((run.startedAtMs ?? run.createdAtMs) / 1000)),
  });

  async function run(approved: ActionRun, action: ActionDefinition): Promise<void> {
    const startedAtMs = now();
    let executing: ActionRun;
    try {
      const command = commandFor(action.command, parametersOf(approved), approved.id, means);
      const undo = await command.prepare(within(PREPARE_TIMEOUT_MS));
      executing = journal.record(
        approved,
        { state: 'executing', reason: 'begun', command: command.description, startedAtMs },
        undo,
      );
    } catch (error) {
      if (signal.aborted) return;
      journal.record(approved, {
        state: 'refused',
        reason: `not begun: ${messageOf(error)}`,
        endedAtMs: now(),
      });
      return;
    }
    try {
      const command = commandFor(action.command, parametersOf(executing), executing.id, means);
      await command.carryOut(within(action.timeLimit));
    } catch (error) {
      if (signal.aborted) return;
      await rollBack(executing, action, `the command failed: ${messageOf(error)}`);
      return;
    }
    const verifying = journal.record(executing, { state: 'verifying', reason: 'carried out' });
    await conclude(verifying, action);
  }

  async function conclude(verifying: ActionRun, action: ActionDefinition): Promise<void> {
    const { after, within: withinMs } = action.verification;
    let outcome: Awaited<ReturnType<typeof verify>>;
    try {
      const command = commandFor(action.command, parametersOf(verifying), verifying.id, means);
      const undo = runs.undo(verifying.id) ?? {};
      outcome = await verify({
        prometheus,
        query: fill(action.verification.query, parametersOf(verifying)),
        pending: command.pending && ((signal) => command.pending!(undo, signal)),
        afterMs: after,
        withinMs,
        signal,
        ...(options.verifyEveryMs === undefined ? {} : { askEveryMs: options.verifyEveryMs }),
      });
    } catch (error) {
      if (signal.aborted) return;
      await rollBack(verifying, action, messageOf(error));
      return;
    }
    const verification = { ...verifying.verification, outcome };
    if (outcome === 'passed') {
      const took = Math.round((now() - (verifying.startedAtMs ?? now())) / 1000);
      journal.record(verifying, {
        state: 'succeeded',
        reason: `verified after ${took} s`,
        verification,
        endedAtMs: now(),
      });
      if (action.mitigates) mitigated(verifying.incidentId);
      return;
    }
    const why =
      outcome === 'failed' ? 'it did not have the effect' : 'Prometheus does not answer: unverified';
    await rollBack({ ...verifying, verification }, action, why);
  }

  async function rollBack(run: ActionRun, action: ActionDefinition, why: string): Promise<void> {
    const { verification } = run;
    const rolling = journal.record(run, { state: 'rolling-back', reason: why, verification });
    try {
      const how = await undone(rolling, action);
      journal.record(rolling, { state: 'rolled-back', reason: `${why}; ${how}`, endedAtMs: now() });
    } catch (error) {
      if (signal.aborted) return;
      journal.record(rolling, {
        state: 'rollback-failed',
        reason: `${why}; rollback failed: ${messageOf(error)}`,
        endedAtMs: now(),
      });
    }
  }

  async function undone(run: ActionRun, { rollback, command, timeLimit }: ActionDefinition): Promise<string> {
    if (rollback === 'restore') {
      const undo = runs.undo(run.id);
      if (undo === null) throw new Error('what it was before is not known');
      const taken = commandFor(command, parametersOf(run), run.id, means);
      return (await taken.takeBack(undo, within(timeLimit))) ?? 'taken back';
    }
    if ('none' in rollback) return `nothing to undo: ${rollback.none}`;
    const other = commandFor(rollback.command, parametersOf(run), run.id, means);
    await other.prepare(within(PREPARE_TIMEOUT_MS));
    await other.carryOut(within(timeLimit));
    return other.description;
  }

  function mitigated(incidentId: number): void {
    inTransaction(database, () => {
      const incident = incidents.get(incidentId);
      if (incident?.status !== 'open') return;
      const atMs = now();
      incidents.change(incidentId, { status: 'mitigated', mitigatedAtMs: atMs });
      incidents.addToTimeline(incidentId, { atMs, kind: 'mitigated', text: 'An action took effect.' });
    });
  }

  return {
    run,
    async resume(run, action) {
      if (run.state === 'rolling-back') await rollBack(run, action, run.reason);
      else {
        const reason = 'the responder was restarted in the middle';
        await conclude(journal.record(run, { state: 'verifying', reason }), action);
      }
    },
  };
}

const messageOf = (error: unknown) => (error as Error).message;
