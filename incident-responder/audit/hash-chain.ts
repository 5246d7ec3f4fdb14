import { createHash } from 'node:crypto';
import type { AuditEntry, NewAuditEntry } from './audit-entry.ts';

const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/** The entry after `previous`, with sequence and hashes. */
export function chained(
  entry: NewAuditEntry,
  previous: Pick<AuditEntry, 'sequence' | 'hash'> | undefined,
): AuditEntry {
  const unhashed = {
    ...entry,
    sequence: (previous?.sequence ?? 0) + 1,
    previousHash: previous?.hash ?? FIRST_PREVIOUS_HASH,
  };
  return { ...unhashed, hash: hashOf(unhashed) };
}

/** SHA-256 over an entry's fields in a fixed order, as JSON; `detail`'s keys sorted. */
function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  const { sequence, atMs, actor, event, incidentId, actionRunId, detail, previousHash } = entry;
  const sorted = Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([sequence, atMs, actor, event, incidentId, actionRunId, sorted, previousHash]))
    .digest('hex');
}

export type ChainVerdict =
  | { readonly intact: true; readonly entries: number; readonly head: string }
  | { readonly intact: false; readonly sequence: number; readonly problem: string };

/**
 * Whether nothing was changed, removed or put in between. That the newest entries were cut off shows only against a
 * head noted elsewhere: each entry's hash is in the responder's log as well.
 */
export function verifyChain(entries: Iterable<AuditEntry>, expectedHead?: string): ChainVerdict {
  let count = 0;
  let head = FIRST_PREVIOUS_HASH;
  let seenExpected = expectedHead === undefined;
  for (const entry of entries) {
    const broken = (problem: string): ChainVerdict => ({ intact: false, sequence: count + 1, problem });
    if (entry.sequence !== count + 1)
      return broken(`expected entry ${count + 1}, got ${entry.sequence}: something is missing`);
    if (entry.previousHash !== head) return broken('does not follow the entry before it');
    if (entry.hash !== hashOf(entry)) return broken('was changed after it was written');
    count += 1;
    head = entry.hash;
    seenExpected ||= head === expectedHead;
  }
  if (!seenExpected)
    return {
      intact: false,
      sequence: count + 1,
      problem: `the head ${expectedHead} is not there: the end was cut off`,
    };
  return { intact: true, entries: count, head };
}
