import type { DatabaseSync } from 'node:sqlite';

/** When something that ought to report regularly was last heard; survives restarts. */
export class Heartbeats {
  readonly #database: DatabaseSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
  }

  record(name: string, atMs: number): void {
    this.#database.prepare('INSERT OR REPLACE INTO heartbeats VALUES (?, ?)').run(name, atMs);
  }

  /** Milliseconds since the epoch; null if never. */
  lastHeardAtMs(name: string): number | null {
    const row = this.#database.prepare('SELECT last_heard_at_ms FROM heartbeats WHERE name = ?').get(name);
    return row === undefined ? null : (row.last_heard_at_ms as number);
  }
}
