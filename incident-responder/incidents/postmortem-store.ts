import type { DatabaseSync } from 'node:sqlite';

export const ACTION_STATES = ['open', 'done', 'dropped'] as const;
export type ActionState = (typeof ACTION_STATES)[number];

/** What is to keep an incident from coming again. */
export interface PostmortemAction {
  readonly id: number;
  readonly incidentId: number;
  readonly text: string;
  readonly owner: string;
  /** A day, UTC: `2026-03-02`. It is overdue from the day after. */
  readonly due: string;
  readonly state: ActionState;
}

/** A postmortem that people have written on. */
export interface Postmortem {
  readonly incidentId: number;
  /** Of the incident, which may be forgotten by now. */
  readonly title: string;
  readonly markdown: string;
  readonly editedBy: string;
  readonly editedAtMs: number;
  /** null: still a draft. */
  readonly finishedAtMs: number | null;
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
export const isOverdue = ({ due, state }: Pick<PostmortemAction, 'due' | 'state'>, nowMs: number): boolean =>
  state === 'open' && due < dayOf(nowMs);

/** Postmortems as people left them, and their actions: kept when their incidents are forgotten. Methods join an open transaction. */
export class PostmortemStore {
  readonly #database: DatabaseSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
  }

  get(incidentId: number): Postmortem | undefined {
    const row = this.#database.prepare('SELECT * FROM postmortems WHERE incident_id = ?').get(incidentId);
    return row && postmortemOf(row);
  }

  /** Newest incident first. */
  list(limit: number): readonly Postmortem[] {
    return this.#database
      .prepare('SELECT * FROM postmortems ORDER BY incident_id DESC LIMIT ?')
      .all(limit)
      .map(postmortemOf);
  }

  save({ incidentId, title, markdown, editedBy, editedAtMs, finishedAtMs }: Postmortem): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO postmortems VALUES (?, ?, ?, ?, ?, ?)')
      .run(incidentId, title, markdown, editedBy, editedAtMs, finishedAtMs);
  }

  addAction({
    incidentId,
    text,
    owner,
    due,
  }: Pick<PostmortemAction, 'incidentId' | 'text' | 'owner' | 'due'>): void {
    this.#database
      .prepare(
        "INSERT INTO postmortem_actions (incident_id, text, owner, due, state) VALUES (?, ?, ?, ?, 'open')",
      )
      .run(incidentId, text, owner, due);
  }

  /** @returns as it is then; undefined if it is not there */
  changeAction(
    incidentId: number,
    id: number,
    { state, due }: Pick<PostmortemAction, 'state' | 'due'>,
  ): PostmortemAction | undefined {
    this.#database
      .prepare('UPDATE postmortem_actions SET state = ?, due = ? WHERE id = ? AND incident_id = ?')
      .run(state, due, id, incidentId);
    return this.actions(incidentId).find((action) => action.id === id);
  }

  /** In the order in which they were added. */
  actions(incidentId: number): readonly PostmortemAction[] {
    return this.#database
      .prepare('SELECT * FROM postmortem_actions WHERE incident_id = ? ORDER BY id')
      .all(incidentId)
      .map(actionOf);
  }

  /** Of all postmortems, those that are due first. */
  openActions(limit = 500): readonly PostmortemAction[] {
    return this.#database
      .prepare("SELECT * FROM postmortem_actions WHERE state = 'open' ORDER BY due, id LIMIT ?")
      .all(limit)
      .map(actionOf);
  }

  countOverdue(nowMs: number): number {
    const row = this.#database
      .prepare("SELECT count(*) AS count FROM postmortem_actions WHERE state = 'open' AND due < ?")
      .get(dayOf(nowMs));
    return Number(row?.count);
  }
}

type Row = Readonly<Record<string, unknown>>;

const postmortemOf = (row: Row): Postmortem => ({
  incidentId: row.incident_id as number,
  title: row.title as string,
  markdown: row.markdown as string,
  editedBy: row.edited_by as string,
  editedAtMs: row.edited_at_ms as number,
  finishedAtMs: row.finished_at_ms as number | null,
});
const actionOf = (row: Row): PostmortemAction => ({
  id: row.id as number,
  incidentId: row.incident_id as number,
  text: row.text as string,
  owner: row.owner as string,
  due: row.due as string,
  state: row.state as ActionState,
});
