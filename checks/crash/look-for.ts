import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from './kind.ts';

/** Queues drain and what was killed reads its log again; whatever is not there by then is lost. */
const LOOK_FOR_MS = 60_000;
const EVERY_MS = 1_000;

/** Looks for all of `ids` until they are there. @returns those that are not. */
export async function lookFor(
  kind: Kind,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  let absent = ids;
  for (const endMs = performance.now() + LOOK_FOR_MS; absent.length > 0 && performance.now() < endMs; ) {
    // A store that does not answer yet has nothing to say of what it keeps.
    absent = await kind.missing(absent).catch(() => absent);
    if (absent.length > 0) await sleep(EVERY_MS, undefined, { signal });
  }
  return absent;
}
