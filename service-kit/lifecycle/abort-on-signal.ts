/** Exit status of a command that was interrupted, as shells have it: 128 + SIGINT. */
export const INTERRUPTED = 130;

export interface AbortOnSignalOptions {
  readonly signals?: readonly NodeJS.Signals[];
  /** Before it is aborted; not called again for further signals. */
  readonly onFirst?: () => void;
}

/**
 * For commands that put something back when they are interrupted. Further signals change nothing, and the listeners stay: without
 * one of ours left, execa's own would end the process before anything is put back.
 *
 * @returns aborted by the first of the signals, by default SIGINT or SIGTERM; the reason is an Error `interrupted by SIGINT`
 */
export function abortOnSignal({
  signals = ['SIGINT', 'SIGTERM'],
  onFirst = () => {},
}: AbortOnSignalOptions = {}): AbortController {
  const abort = new AbortController();
  for (const signal of signals)
    process.on(signal, () => {
      if (abort.signal.aborted) return;
      onFirst();
      abort.abort(new Error(`interrupted by ${signal}`));
    });
  return abort;
}
