import { setTimeout as sleep } from 'node:timers/promises';
import { type Board, EMPTY_BOARD } from './board.ts';

/** However many pages ask, it is read once in this time. */
const FRESH_MS = 5000;
/** A page waits so long for news where there is something older, and where there is nothing yet. */
const WAIT_MS = { older: 300, nothing: 1000 };
/** What is older is no answer to how things are. */
const OLDEST_MS = 120_000;

export interface BoardSource {
  /** The board as of now, or as it was last; resolves within a second, whatever Prometheus does. */
  current(): Promise<Board>;
}

/** @param read never rejects */
export function createBoardSource(options: {
  readonly read: (nowMs: number) => Promise<Board>;
  readonly now?: () => number;
}): BoardSource {
  const { read, now = Date.now } = options;
  let latest: Board | undefined;
  let reading: Promise<Board> | undefined;
  return {
    async current() {
      const age = latest === undefined ? Number.POSITIVE_INFINITY : now() - (latest.atMs ?? 0);
      if (latest !== undefined && age < FRESH_MS) return latest;
      reading ??= read(now()).then((board) => {
        latest = board;
        reading = undefined;
        return board;
      });
      const older = latest !== undefined && age < OLDEST_MS ? latest : undefined;
      const waited = new AbortController();
      const board = await Promise.race([
        reading,
        sleep(older ? WAIT_MS.older : WAIT_MS.nothing, undefined, {
          signal: waited.signal,
          ref: false,
        }).catch(() => undefined),
      ]);
      waited.abort();
      return board ?? older ?? { ...EMPTY_BOARD, missing: ['Prometheus has not answered yet.'] };
    },
  };
}
