import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from './kind.ts';

/** Queues drain and what was killed reads its log again; whatever is not there by then is lost. */
const LOOK_FOR_MS = 60_000;
const EVERY_MS = 1_000;

/**
 * Looks for all of `ids` until they are there.
 *
 * @returns those that are not.
 * @throws Error where the store did not answer in the end: then nobody knows.
 */
export async function lookFor(
  kind: Kind,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  let absent = ids;
  let unanswered: Error | undefined;
  for (const endMs = performance.now() + LOOK_FOR_MS; absent.length > 0 && performance.now() < endMs; ) {
    try {
      absent = await kind.missing(absent);
      unanswered = undefined;
    } catch (error) {
      unanswered = error as Error;
    }
    if (absent.length > 0) await sleep(EVERY_MS, undefined, { signal });
  }
  if (unanswered) throw new Error(`${kind.name} cannot be looked for`, { cause: unanswered });
  return absent;
}
