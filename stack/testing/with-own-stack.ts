import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTerminalAs } from './on-terminal.ts';
import { withReservedPortOffset } from './reserved-port-offset.ts';
import { inTurnToStart } from './turn-to-start.ts';

const START_TIMEOUT_MS = 25 * 60_000;

export interface OwnStack {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Goes before each line on the terminal, where several stacks write there at a time. */
  readonly prefix?: string;
  /** Of `npm start`, such as `--no-history`. */
  readonly startArguments?: readonly string[];
  /** What it says goes to standard error: the other holds what a program reads. */
  readonly isOnStderr?: boolean;
  /** For the stack alone. */
  readonly startedWith?: Readonly<Record<string, string>>;
}

/**
 * Starts a native stack with ports and a data folder of its own, by the one command a user has; calls `use` with the
 * environment that leads to it; and ends it again, however `use` ended.
 */
export async function withOwnStack<T>(
  { root, signal, prefix, isOnStderr = false, startArguments = [], startedWith = {} }: OwnStack,
  use: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  return withReservedPortOffset(root, async (offset) => {
    const dataDir = mkdtempSync(join(root, '.data-test-'));
    // As root the database runs as another user.
    chmodSync(dataDir, 0o711);
    const environment = {
      AIOPS_DATA_DIR: dataDir,
      AIOPS_HOME: join(dataDir, 'home'),
      AIOPS_PORT_OFFSET: String(offset),
    };
    const npm = (args: readonly string[], cancelSignal?: AbortSignal) =>
      execa('npm', ['--silent', ...args], {
        cwd: root,
        env: { ...startedWith, ...environment },
        stdin: 'ignore',
        ...onTerminalAs(prefix),
        ...(isOnStderr && { stdout: process.stderr }),
        timeout: START_TIMEOUT_MS,
        ...(cancelSignal && { cancelSignal, forceKillAfterDelay: 60_000 }),
      });
    try {
      await inTurnToStart(signal, () =>
        npm(['start', '--', '--engine', 'native', ...startArguments], signal),
      );
      return await use(environment);
    } finally {
      await npm(['stop']);
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}
