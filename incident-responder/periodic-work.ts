import type { Logger } from 'pino';
import { repeat } from './repeat.ts';

/** An incident is looked at again while it lasts: evidence takes a scrape or two to show. */
const INTERVALS_MS = {
  flags: 1000,
  tick: 1000,
  assess: 10_000,
  // A page waits 5 s for its group: time enough to take it in, rank its roots and say so in its notification.
  reconcile: 2000,
  tellRoots: 1000,
  // A ticket waits two minutes for its group.
  fold: 5000,
  graph: 60_000,
  housekeeping: 3_600_000,
} as const;
type WorkName = keyof typeof INTERVALS_MS;

/** Each work at its own pace, by itself; what fails is logged and tried again. Resolves after `signal` aborted. */
export async function startPeriodicWork(options: {
  readonly work: Readonly<Record<WorkName, () => Promise<void>>>;
  /** Of every work, where they are not to keep their own pace (tests). */
  readonly intervalMs?: number | undefined;
  readonly signal: AbortSignal;
  readonly log: Logger;
}): Promise<void> {
  const { work, intervalMs, signal, log } = options;
  await Promise.all(
    (Object.keys(INTERVALS_MS) as WorkName[]).map((name) =>
      repeat({
        everyMs: intervalMs ?? INTERVALS_MS[name],
        work: work[name],
        signal,
        onError: (error) => log.error({ err: error }, `${name} failed`),
      }),
    ),
  );
}
