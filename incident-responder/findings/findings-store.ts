import type { DatabaseSync } from 'node:sqlite';
import type { Findings } from './findings.ts';

/** The latest findings of each incident. Every method joins a transaction that is open. */
export class FindingsStore {
  readonly #database: DatabaseSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
  }

  put(incidentId: number, findings: Findings): void {
    this.#database
      .prepare(
        'INSERT INTO findings (incident_id, document) VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document',
      )
      .run(incidentId, JSON.stringify(findings));
  }

  get(incidentId: number): Findings | undefined {
    const row = this.#database.prepare('SELECT document FROM findings WHERE incident_id = ?').get(incidentId);
    return row && (JSON.parse(row.document as string) as Findings);
  }
}
