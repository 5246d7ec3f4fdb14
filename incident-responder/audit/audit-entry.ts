/** One line of the append-only audit log. */
export interface AuditEntry {
  /** 1, 2, 3, ... without gaps. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** `responder`, or an operator's name. */
  readonly actor: string;
  /** What happened: `action.executing`, `action.approved`, `incident.opened`. */
  readonly event: string;
  readonly incidentId: number | null;
  readonly actionRunId: number | null;
  /** Never holds a secret; may hold text of alerts. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
  /** Hash of the entry before; of the first, 64 zeros. */
  readonly previousHash: string;
  /** SHA-256 over everything above, hex. */
  readonly hash: string;
}

export type NewAuditEntry = Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>;
