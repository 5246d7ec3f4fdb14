import { setTimeout as sleep } from 'node:timers/promises';
import { takenPort } from './reserved-port-offset.ts';

/** Held by whoever has the turn. */
const TURN_PORT = 9_999;
const ASK_EVERY_MS = 250;

/**
 * Waits for this host's turn to start a stack, and calls `start` in it: what is computed at a start wants the processors
 * for itself, and would make those that start beside it miss their time limits.
 */
export async function inTurnToStart<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  for (;;) {
    const turn = await takenPort(TURN_PORT);
    if (!turn) {
      await sleep(ASK_EVERY_MS, undefined, { signal });
      continue;
    }
    try {
      return await start();
    } finally {
      turn.close();
    }
  }
}
