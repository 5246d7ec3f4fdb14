import type { DatabaseSync } from 'node:sqlite';
import type { FlagState } from '@aiops-sre/service-kit/flags/flag-document.ts';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Change } from '../evidence/evidence.ts';
import type { FlagFile } from './flag-file.ts';

const MAX_CHANGES = 100;
/** What of a flag is compared: what applications get, and the rule that may give some of them something else. */
const statesSchema = z.record(
  z.string(),
  z.object({
    variant: z.string().nullable(),
    value: z.string().nullable(),
    because: z.string(),
    targeting: z.string().nullable(),
  }),
);
type Seen = z.infer<typeof statesSchema>[string];
const changesSchema = z.array(
  z.object({
    kind: z.literal('flag'),
    service: z.string().optional(),
    subject: z.string(),
    from: z.string(),
    to: z.string(),
    byTargeting: z.boolean().optional(),
    atMs: z.number(),
  }),
);

export interface FlagWatch {
  /** Latest first; those that the responder made itself are left out: they are cures, not causes. */
  changes(): readonly Change[];
  /** Compares the document with what it was; to be called every second or two. */
  poll(): Promise<void>;
  /** A change that the responder is about to make. */
  expectOwn(flag: string, variant: string | null): void;
}

/** Notices when flags change, over restarts too: what changed while the responder was away is dated to its return. */
export function createFlagWatch(options: {
  readonly file: FlagFile;
  readonly database: DatabaseSync;
  readonly log: Logger;
  readonly now?: () => number;
}): FlagWatch {
  const { file, database, log, now = Date.now } = options;
  const recall = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const row = database.prepare('SELECT document FROM remembered WHERE name = ?').get(name);
    return row && schema.parse(JSON.parse(row.document as string));
  };
  const remember = (name: string, value: unknown) =>
    void database
      .prepare('INSERT OR REPLACE INTO remembered VALUES (?, ?, ?)')
      .run(name, now(), JSON.stringify(value));

  let known = recall('flag-states', statesSchema);
  let changes: readonly Change[] =
    recall('flag-changes', changesSchema)?.map((each) => ({ ...each, service: each.service })) ?? [];
  let complained = false;
  const own = new Map<string, string | null>();

  return {
    changes: () => changes,
    expectOwn: (flag, variant) => void own.set(flag, variant),
    async poll() {
      let flags: ReadonlyMap<string, FlagState>;
      try {
        flags = await file.read();
        complained = false;
      } catch (error) {
        if (!complained) log.warn({ reason: (error as Error).message }, 'flags not read');
        complained = true;
        return;
      }
      const states = Object.fromEntries([...flags].map(([key, state]) => [key, seenOf(state)]));
      if (known !== undefined && JSON.stringify(known) === JSON.stringify(states)) return;
      if (known === undefined) log.info({ flags: [...flags.keys()] }, 'flags read');
      const news: Change[] = [];
      for (const subject of known === undefined ? [] : new Set([...Object.keys(known), ...flags.keys()])) {
        const [before, after] = [known?.[subject], states[subject]];
        if (JSON.stringify(before) === JSON.stringify(after)) continue;
        const isOwn = own.has(subject) && own.get(subject) === after?.variant;
        own.delete(subject);
        const [from, to] = inWords(before, after);
        const byTargeting = after?.targeting != null;
        log.info({ flag: subject, from, to, byTargeting, own: isOwn }, 'flag changed');
        const service = flags.get(subject)?.service;
        if (!isOwn) news.push({ kind: 'flag', service, subject, from, to, byTargeting, atMs: now() });
      }
      known = states;
      changes = [...news, ...changes].slice(0, MAX_CHANGES);
      remember('flag-states', known);
      if (news.length > 0) remember('flag-changes', changes);
    },
  };
}

const seenOf = ({ variant, value, because, targeting }: FlagState): Seen => ({
  variant,
  value,
  because,
  targeting,
});

/** Before and after, for people: variants, and what is more than variants where they are the same. */
function inWords(before: Seen | undefined, after: Seen | undefined): [string, string] {
  const name = (seen: Seen | undefined) =>
    seen === undefined
      ? 'not there'
      : (seen.variant ?? (seen.because === 'disabled' ? 'disabled' : "the code's default"));
  const [from, to] = [name(before), name(after)];
  if (from !== to) return [from, to];
  if (before?.value !== after?.value) return [`${from} (${before?.value})`, `${to} (${after?.value})`];
  return [from, before?.targeting === after?.targeting ? to : `${to}, with another targeting rule`];
}
