import type { Logger } from 'pino';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

interface UntilDoneOptions {
  /** What waits meanwhile, as /readyz says it. */
  readonly reason: string;
  readonly logger: Logger;
  readonly attempt: () => Promise<void>;
}

/** Tries something that needs another process until it has been done, with growing pauses. Each new reason is logged once. */
export function untilDone({ reason, logger, attempt }: UntilDoneOptions) {
  let waiting: string | undefined = reason;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let lastMessage: string | undefined;

  async function next(pauseMs: number): Promise<void> {
    try {
      await attempt();
      if (lastMessage !== undefined) logger.info(`no longer ${reason}`);
      waiting = undefined;
    } catch (error) {
      if (stopped) return;
      const { message, cause } = error as Error;
      const said = cause instanceof Error ? `${message}: ${cause.message}` : message;
      if (said !== lastMessage) logger.error({ reason: said }, reason);
      lastMessage = said;
      waiting = `${reason}: ${said}`;
      timer = setTimeout(() => void next(Math.min(LONGEST_PAUSE_MS, pauseMs * 2)), pauseMs);
    }
  }
  void next(FIRST_PAUSE_MS);

  return {
    /** What it waits for; undefined once it is done. */
    waitingFor: () => waiting,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
