import type { stackUnderTest } from '../testing/stack-under-test.ts';

export type Stack = ReturnType<typeof stackUnderTest>;

/**
 * Something that the platform takes and must not lose. A new one is a file in `kinds`, and its line in {@link ./kinds.ts}.
 *
 * Between two kills it is written steadily; once what was killed is back and writing has paused, what was acknowledged is
 * looked for until it is there or the time for it is over.
 */
export interface Kind {
  /** Plural, the head of its column. */
  readonly name: string;
  /** Calls of `write` a second. One that is still running when the next is due is not waited for. */
  readonly writesPerSecond: number;
  /**
   * Hands something in.
   *
   * @param signal of the time this may take; ends a write whose receiver is gone.
   * @returns ids of what was acknowledged, unique over the whole run; none where it was not. It may throw instead: what is
   *   refused, or not answered, is nobody's promise.
   */
  write(signal: AbortSignal): Promise<readonly string[]>;
  /** Those of `ids` that the platform does not have now. It may throw while its store is not back yet. */
  missing(ids: readonly string[]): Promise<readonly string[]>;
}
