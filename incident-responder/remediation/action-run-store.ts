import type { DatabaseSync } from 'node:sqlite';
import type { ActionRun } from './action.ts';
import { FIRST_STATES, mayFollow, type RunState, UNFINISHED_STATES } from './run-states.ts';

export type RunChange = Partial<Omit<ActionRun, 'id' | 'incidentId' | 'action' | 'createdAtMs'>>;

export interface RunQuery {
  readonly limit: number;
  readonly before?: number | undefined;
  readonly incidentId?: number | undefined;
  readonly state?: RunState | undefined;
}

const UNFINISHED = UNFINISHED_STATES.map((state) => `'${state}'`).join(', ');

/**
 * Every time an action matched, and what came of it. No step can be written that run-states.ts does not know. Every
 * method joins a transaction that is open.
 */
export class ActionRunStore {
  readonly #database: DatabaseSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
  }

  /** @throws Error if no run begins in that state. */
  add(run: Omit<ActionRun, 'id'>): ActionRun {
    if (!FIRST_STATES.includes(run.state))
      throw new Error(`action ${run.action}: expected a first state, got ${run.state}`);
    const inserted = this.#database
      .prepare(
        'INSERT INTO action_runs (incident_id, action, state, created_at_ms, document) VALUES (?, ?, ?, ?, ?)',
      )
      .run(run.incidentId, run.action, run.state, run.createdAtMs, JSON.stringify(run));
    return { ...run, id: Number(inserted.lastInsertRowid) };
  }

  /** @throws Error if the run is not there, or its new state may not follow the one it has. */
  change(id: number, change: RunChange): ActionRun {
    const before = this.get(id);
    if (before === undefined) throw new Error(`action run ${id}: not there`);
    if (change.state !== undefined && !mayFollow(change.state, before.state))
      throw new Error(`action run ${id}: ${change.state} may not follow ${before.state}`);
    const after = { ...before, ...change };
    this.#database
      .prepare('UPDATE action_runs SET state = ?, document = ? WHERE id = ?')
      .run(after.state, JSON.stringify(after), id);
    return after;
  }

  /** What it takes to take the command back; null until that is known. */
  undo(id: number): Readonly<Record<string, string>> | null {
    const undo = this.#database.prepare('SELECT undo FROM action_runs WHERE id = ?').get(id)?.undo;
    return undo == null ? null : JSON.parse(undo as string);
  }

  setUndo(id: number, undo: Readonly<Record<string, string>>): void {
    this.#database.prepare('UPDATE action_runs SET undo = ? WHERE id = ?').run(JSON.stringify(undo), id);
  }

  /** Of every incident, since an instant and all that are not finished: what limits are counted over. */
  recent(sinceMs: number): ActionRun[] {
    return this.#database
      .prepare(
        `SELECT id, document FROM action_runs WHERE created_at_ms >= ? OR state IN (${UNFINISHED}) ORDER BY id`,
      )
      .all(sinceMs)
      .map(runOf);
  }

  get(id: number): ActionRun | undefined {
    const row = this.#database.prepare('SELECT id, document FROM action_runs WHERE id = ?').get(id);
    return row && runOf(row);
  }

  /** Newest first. */
  list({ limit, before, incidentId, state }: RunQuery): ActionRun[] {
    return this.#database
      .prepare(
        `SELECT id, document FROM action_runs
         WHERE id < ? AND (? IS NULL OR incident_id = ?) AND (? IS NULL OR state = ?)
         ORDER BY id DESC LIMIT ?`,
      )
      .all(
        before ?? Number.MAX_SAFE_INTEGER,
        incidentId ?? null,
        incidentId ?? null,
        state ?? null,
        state ?? null,
        limit,
      )
      .map(runOf);
  }

  /** Those with something still to come, oldest first. */
  unfinished(): ActionRun[] {
    return this.#database
      .prepare(`SELECT id, document FROM action_runs WHERE state IN (${UNFINISHED}) ORDER BY id`)
      .all()
      .map(runOf);
  }
}

function runOf(row: Readonly<Record<string, unknown>>): ActionRun {
  return { ...(JSON.parse(row.document as string) as Omit<ActionRun, 'id'>), id: row.id as number };
}
