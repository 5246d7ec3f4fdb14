import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Held by whoever has the turn: the kernel gives it back, however its holder ends. */
const TURN_PORT = 9_999;
const ASK_EVERY_MS = 250;

/**
 * Waits for this host's turn to start a stack, and calls `start` in it. Stacks side by side start one after the other:
 * two would take the same free ports, and what is computed at a start wants the processors for itself.
 */
export async function inTurnToStart<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const turn = createServer();
    try {
      turn.listen(TURN_PORT, '127.0.0.1');
      await once(turn, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
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
