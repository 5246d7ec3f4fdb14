import type { DatabaseSync } from 'node:sqlite';
import { type ActionRun, type RunState, UNFINISHED_STATES } from './action.ts';

export type RunChange = Partial<Omit<ActionRun, 'id' | 'incidentId' | 'action' | 'createdAtMs'>>;

export interface RunQuery {
  readonly limit: number;
  readonly before?: number | undefined;
  readonly incidentId?: number | undefined;
  readonly state?: RunState | undefined;
}

const UNFINISHED = UNFINISHED_STATES.map((state) => `'${state}'`).join(', ');

/** Every time an action matched, and what came of it. Every method joins a transaction that is open. */
export class ActionRunStore {
  readonly #database: DatabaseSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
  }

  add(run: Omit<ActionRun, 'id'>): ActionRun {
    const inserted = this.#database
      .prepare(
        'INSERT INTO action_runs (incident_id, action, state, created_at_ms, document) VALUES (?, ?, ?, ?, ?)',
      )
      .run(run.incidentId, run.action, run.state, run.createdAtMs, JSON.stringify(run));
    return { ...run, id: Number(inserted.lastInsertRowid) };
  }

  change(id: number, change: RunChange): ActionRun {
    const before = this.get(id);
    if (before === undefined) throw new Error(`action run ${id}: not there`);
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
