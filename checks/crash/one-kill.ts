import { setTimeout as sleep } from 'node:timers/promises';
import { killAndAwait } from './kill.ts';
import type { Kind, Stack } from './kind.ts';
import { lookFor } from './look-for.ts';
import type { Loss } from './losses.ts';
import { startVisitors } from './visitors.ts';
import { startWriting } from './writing.ts';

/** Under load before the kill, at a moment that differs, and once what was killed is ready again. */
const BEFORE_MS = { from: 3_000, to: 6_000 } as const;
const AFTER_MS = 3_000;

interface OneKillOptions {
  readonly stack: Stack;
  readonly kinds: readonly Kind[];
  /** Name of the component. */
  readonly killed: string;
  readonly requestsPerSecond: number;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

export interface OneKill {
  readonly losses: readonly Loss[];
  readonly readyAfterSeconds: number;
  readonly answeredPerSecond: number;
}

/**
 * Kills one component under load, and looks for everything that was acknowledged in the meantime.
 *
 * @throws Error where it does not come back.
 */
export async function oneKill(options: OneKillOptions): Promise<OneKill> {
  const { stack, kinds, killed, random, signal } = options;
  const visitors = startVisitors(stack, options.requestsPerSecond);
  const writing = startWriting(kinds);
  const stopped = () => Promise.all([visitors.stop(), writing.stop()]);
  let readyAfterSeconds: number;
  try {
    await sleep(BEFORE_MS.from + random() * (BEFORE_MS.to - BEFORE_MS.from), undefined, { signal });
    readyAfterSeconds = await killAndAwait(stack, killed);
    await sleep(AFTER_MS, undefined, { signal });
  } catch (error) {
    await stopped();
    throw error;
  }
  const [answeredPerSecond, acknowledged] = await stopped();
  const losses = await Promise.all(
    [...acknowledged].map(async ([kind, ids]) => ({
      killed,
      kind: kind.name,
      acknowledged: ids.length,
      lost: (await lookFor(kind, ids, signal)).length,
    })),
  );
  return { losses, readyAfterSeconds, answeredPerSecond };
}
