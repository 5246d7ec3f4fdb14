import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ShutdownOptions {
  readonly server: Server;
  /** Called first: stop what makes work, say "not ready". */
  readonly drain: () => void;
  /** Called last: send what telemetry is left. */
  readonly flush: () => Promise<void>;
  /** Requests still running after this are cut off. */
  readonly drainLimitMs?: number;
  readonly flushLimitMs?: number;
}

/** Stops accepting, lets running requests end, then flushes. Always over within the sum of both limits. */
export async function shutDown({
  server,
  drain,
  flush,
  drainLimitMs = 2_500,
  flushLimitMs = 1_500,
}: ShutdownOptions) {
  drain();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last request has just ended is idle, and would be kept for the next one.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  await Promise.race([closed, sleep(drainLimitMs, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
  await Promise.race([flush(), sleep(flushLimitMs, undefined, { ref: false })]);
}
