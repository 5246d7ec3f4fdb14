import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AuditEntry, NewAuditEntry } from './audit-entry.ts';
import { type ChainVerdict, chained, verifyChain } from './hash-chain.ts';

type Row = Readonly<Record<string, unknown>>;

/** The audit log. The database itself refuses to change or delete its rows. */
export class AuditLog {
  readonly #database: DatabaseSync;
  readonly #last: StatementSync;
  readonly #insert: StatementSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
    this.#last = database.prepare('SELECT * FROM audit_log ORDER BY sequence DESC LIMIT 1');
    this.#insert = database.prepare('INSERT INTO audit_log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  }

  /** Joins a transaction that is open, so that an entry and what it tells of are stored together. */
  append(entry: NewAuditEntry): AuditEntry {
    const last = this.#last.get();
    const added = chained(entry, last && entryOf(last));
    this.#insert.run(
      added.sequence,
      added.atMs,
      added.actor,
      added.event,
      added.incidentId,
      added.actionRunId,
      JSON.stringify(added.detail),
      added.previousHash,
      added.hash,
    );
    return added;
  }

  /** Newest first. */
  list(query: {
    readonly limit: number;
    readonly before?: number | undefined;
    readonly incidentId?: number | undefined;
  }): AuditEntry[] {
    return this.#database
      .prepare(
        `SELECT * FROM audit_log WHERE sequence < ? AND (? IS NULL OR incident_id = ?) ORDER BY sequence DESC LIMIT ?`,
      )
      .all(
        query.before ?? Number.MAX_SAFE_INTEGER,
        query.incidentId ?? null,
        query.incidentId ?? null,
        query.limit,
      )
      .map(entryOf);
  }

  verify(expectedHead?: string): ChainVerdict {
    return verifyChain(this.#all(), expectedHead);
  }

  *#all(): Iterable<AuditEntry> {
    for (const row of this.#database.prepare('SELECT * FROM audit_log ORDER BY sequence').iterate())
      yield entryOf(row);
  }
}

function entryOf(row: Row): AuditEntry {
  return {
    sequence: row.sequence as number,
    atMs: row.at_ms as number,
    actor: row.actor as string,
    event: row.event as string,
    incidentId: row.incident_id as number | null,
    actionRunId: row.action_run_id as number | null,
    detail: JSON.parse(row.detail as string),
    previousHash: row.previous_hash as string,
    hash: row.hash as string,
  };
}
