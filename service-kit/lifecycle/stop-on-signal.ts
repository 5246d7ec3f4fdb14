import { printError } from '../terminal/print.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export interface StopOnSignalOptions {
  /** Ends the work of the process. */
  readonly stop: (signal: NodeJS.Signals) => Promise<void>;
  /** The process ends with 1 when `stop` takes longer. */
  readonly deadlineMs: number;
}

/** On SIGTERM or SIGINT stops and ends with 0; with 1 when that fails or lasts too long. A second signal means now. */
export function stopOnSignal({ stop, deadlineMs }: StopOnSignalOptions): void {
  let stopping = false;
  const end = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), deadlineMs).unref();
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        printError(error);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, end);
}
