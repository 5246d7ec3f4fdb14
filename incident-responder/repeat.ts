import { setTimeout as sleep } from 'node:timers/promises';

/** Does `work` at once and then again and again, `everyMs` after each end, until `signal` aborts; resolves then. */
export async function repeat(options: {
  readonly everyMs: number;
  readonly work: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}): Promise<void> {
  const { everyMs, work, signal, onError } = options;
  while (!signal.aborted) {
    try {
      await work();
      // Unreferenced: a loop alone does not keep a process alive.
      await sleep(everyMs, undefined, { signal, ref: false });
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
