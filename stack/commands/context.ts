import type { Settings } from '../settings.ts';

/** What every command gets from main.ts, the one place that reads the process. */
export interface CommandContext {
  readonly settings: Settings;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** One or more whole lines to standard output. */
  readonly write: (text: string) => void;
}
