import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** Sessions that were ended before their time; kept over restarts until they would have ended anyway. */
export class ClosedSessions {
  readonly #database: DatabaseSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
  }

  add(session: string, expiresAtMs: number, nowMs: number): void {
    this.#database.prepare('DELETE FROM closed_sessions WHERE expires_at_ms <= ?').run(nowMs);
    this.#database
      .prepare('INSERT OR REPLACE INTO closed_sessions VALUES (?, ?)')
      .run(digest(session), expiresAtMs);
  }

  has(session: string): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM closed_sessions WHERE session = ?').get(digest(session)) !==
      undefined
    );
  }
}

/** Whoever reads the database learns of no cookie. */
function digest(session: string): string {
  return createHash('sha256').update(session).digest('base64url');
}
