import type { DatabaseSync } from 'node:sqlite';
import type { ChannelKind } from './roster.ts';

/** Somebody was told of an incident, or could not be. */
export interface Page {
  readonly id: number;
  readonly incidentId: number;
  /** Of the escalation, 0 the first. */
  readonly step: number;
  /** null: nobody was on call. */
  readonly person: string | null;
  readonly kind: ChannelKind | null;
  readonly file: string | null;
  readonly atMs: number;
  readonly outcome: 'sent' | 'failed' | 'nobody';
}

/** Pages that were sent. Every method joins a transaction that is open. */
export class PageStore {
  readonly #database: DatabaseSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
  }

  add({ incidentId, step, person, kind, file, atMs, outcome }: Omit<Page, 'id'>): void {
    this.#database
      .prepare(
        'INSERT INTO pages (incident_id, step, person, kind, file, at_ms, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(incidentId, step, person, kind, file, atMs, outcome);
  }

  /** Oldest first. */
  ofIncident(incidentId: number): readonly Page[] {
    return this.#database
      .prepare('SELECT * FROM pages WHERE incident_id = ? ORDER BY id')
      .all(incidentId)
      .map(pageOf);
  }

  /** Of each incident and step, each person once. */
  since(atMs: number): readonly (Pick<Page, 'incidentId' | 'step' | 'atMs'> & { readonly person: string })[] {
    return this.#database
      .prepare(
        "SELECT incident_id, step, person, min(at_ms) AS at_ms FROM pages WHERE at_ms >= ? AND outcome = 'sent' GROUP BY incident_id, step, person ORDER BY at_ms",
      )
      .all(atMs)
      .map((row) => ({
        incidentId: row.incident_id as number,
        step: row.step as number,
        person: row.person as string,
        atMs: row.at_ms as number,
      }));
  }

  /** Sent through a channel of these kinds and not closed since. */
  unclosed(kinds: readonly ChannelKind[]): readonly Page[] {
    return this.#database
      .prepare(
        `SELECT * FROM pages WHERE outcome = 'sent' AND closed = 0 AND kind IN (${kinds.map(() => '?').join()}) LIMIT 100`,
      )
      .all(...kinds)
      .map(pageOf);
  }

  setClosed(id: number): void {
    this.#database.prepare('UPDATE pages SET closed = 1 WHERE id = ?').run(id);
  }
}

const pageOf = (row: Readonly<Record<string, unknown>>): Page => ({
  id: row.id as number,
  incidentId: row.incident_id as number,
  step: row.step as number,
  person: row.person as string | null,
  kind: row.kind as ChannelKind | null,
  file: row.file as string | null,
  atMs: row.at_ms as number,
  outcome: row.outcome as Page['outcome'],
});
