import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Change } from '../evidence/evidence.ts';
import type { FlagDocument } from './flag-document.ts';

const MAX_CHANGES = 100;
const variantsSchema = z.record(z.string(), z.string());
const changesSchema = z.array(
  z.object({
    kind: z.literal('flag'),
    service: z.string().optional(),
    subject: z.string(),
    from: z.string(),
    to: z.string(),
    atMs: z.number(),
  }),
);

export interface FlagWatch {
  /** Latest first; those that the responder made itself are left out: they are cures, not causes. */
  changes(): readonly Change[];
  /** Compares the document with what it was; to be called every second or two. */
  poll(): Promise<void>;
  /** A change that the responder is about to make. */
  expectOwn(flag: string, variant: string): void;
}

/** Notices when flags change, over restarts too: what changed while the responder was away is dated to its return. */
export function createFlagWatch(options: {
  readonly document: FlagDocument;
  readonly database: DatabaseSync;
  readonly log: Logger;
  readonly now?: () => number;
}): FlagWatch {
  const { document, database, log, now = Date.now } = options;
  const recall = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const row = database.prepare('SELECT document FROM remembered WHERE name = ?').get(name);
    return row && schema.parse(JSON.parse(row.document as string));
  };
  const remember = (name: string, value: unknown) =>
    void database
      .prepare('INSERT OR REPLACE INTO remembered VALUES (?, ?, ?)')
      .run(name, now(), JSON.stringify(value));

  let known = recall('flag-variants', variantsSchema);
  let changes: readonly Change[] =
    recall('flag-changes', changesSchema)?.map((each) => ({ ...each, service: each.service })) ?? [];
  let complained = false;
  const own = new Map<string, string>();

  return {
    changes: () => changes,
    expectOwn: (flag, variant) => void own.set(flag, variant),
    async poll() {
      let flags: Awaited<ReturnType<FlagDocument['read']>>;
      try {
        flags = await document.read();
        complained = false;
      } catch (error) {
        if (!complained) log.warn({ reason: (error as Error).message }, 'flags not read');
        complained = true;
        return;
      }
      const variants = Object.fromEntries([...flags].map(([key, { variant }]) => [key, variant]));
      if (known !== undefined && JSON.stringify(known) === JSON.stringify(variants)) return;
      const seen: Change[] = [];
      for (const [subject, { variant: to, service }] of flags) {
        const from = known?.[subject];
        if (from === undefined || from === to) continue;
        const isOwn = own.get(subject) === to;
        own.delete(subject);
        log.info({ flag: subject, from, to, own: isOwn }, 'flag changed');
        if (!isOwn) seen.push({ kind: 'flag', service, subject, from, to, atMs: now() });
      }
      known = variants;
      changes = [...seen, ...changes].slice(0, MAX_CHANGES);
      remember('flag-variants', known);
      if (seen.length > 0) remember('flag-changes', changes);
    },
  };
}
