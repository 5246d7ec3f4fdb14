import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress, Task } from '../progress.ts';
import { askReady } from '../readiness/ask-ready.ts';
import type { SupervisorClient } from './supervisor/client.ts';
import type { ProcessStatus } from './supervisor/process-spec.ts';

/** A process that ended this often without ever being ready is broken, not slow. */
const CRASHES_TO_GIVE_UP = 3;
const POLL_MS = 150;
const LOG_LINES = 15;

function lastLogLines(logDir: string, name: string): string {
  try {
    return readFileSync(join(logDir, `${name}.log`), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(-LOG_LINES)
      .join('\n');
  } catch {
    return '(it wrote no log)';
  }
}

const isReady = async ({ readyUrl, readyStatus }: ProcessStatus): Promise<boolean> =>
  (await askReady({ url: readyUrl, readyStatus }, 2_000)) === undefined;

/**
 * Waits until every named process answers its ready URL.
 *
 * @throws Error with the last log lines of the process that keeps ending, or of those not ready in time.
 */
export async function waitUntilReady(options: {
  readonly supervisor: SupervisorClient;
  readonly names: readonly string[];
  readonly logDir: string;
  readonly timeoutMs: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { supervisor, names, logDir, timeoutMs, progress, signal } = options;
  const waiting = new Map<string, Task>(
    names.map((name) => {
      const task = progress.task(name);
      return [name, task];
    }),
  );
  const deadline = Date.now() + timeoutMs;
  while (waiting.size > 0) {
    signal.throwIfAborted();
    const statuses = await supervisor.processes();
    if (!statuses) throw new Error(`the supervisor ended:\n${lastLogLines(logDir, 'supervisor')}`);
    const awaited = statuses.filter(({ name }) => waiting.has(name));
    const broken = awaited.find(({ crashes }) => crashes >= CRASHES_TO_GIVE_UP);
    if (broken) {
      throw new Error(
        `${broken.name} ended ${broken.crashes} times (${broken.lastExit}); its last log lines:\n${lastLogLines(logDir, broken.name)}`,
      );
    }
    await Promise.all(
      awaited.map(async (status) => {
        if (!(await isReady(status))) return;
        waiting.get(status.name)?.done('ready');
        waiting.delete(status.name);
      }),
    );
    if (waiting.size > 0 && Date.now() > deadline) {
      const logs = [...waiting.keys()].map((name) => `${name}:\n${lastLogLines(logDir, name)}`);
      throw new Error(`not ready after ${timeoutMs / 1000} s; last log lines of\n${logs.join('\n\n')}`);
    }
    if (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
