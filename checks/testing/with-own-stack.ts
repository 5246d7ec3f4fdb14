import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { freePortOffset } from './free-port-offset.ts';
import { onTerminalAs } from './on-terminal.ts';
import { inTurnToStart } from './turn-to-start.ts';

const START_TIMEOUT_MS = 25 * 60_000;

export interface OwnStack {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Goes before each line on the terminal, where several stacks write there at a time. */
  readonly prefix?: string;
  /** For the stack alone. */
  readonly startedWith?: Readonly<Record<string, string>>;
}

/**
 * Starts a native stack with ports and a data folder of its own, by the one command a user has; calls `use` with the
 * environment that leads to it; and ends it again, however `use` ended.
 */
export async function withOwnStack<T>(
  { root, signal, prefix, startedWith = {} }: OwnStack,
  use: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(root, '.data-test-'));
  const npm = (environment: Record<string, string>, args: readonly string[], cancelSignal?: AbortSignal) =>
    execa('npm', ['--silent', ...args], {
      cwd: root,
      env: { ...startedWith, AIOPS_DATA_DIR: dataDir, ...environment },
      stdin: 'ignore',
      ...onTerminalAs(prefix),
      timeout: START_TIMEOUT_MS,
      ...(cancelSignal && { cancelSignal, forceKillAfterDelay: 60_000 }),
    });
  try {
    const offset = await inTurnToStart(signal, async () => {
      const free = { AIOPS_PORT_OFFSET: String(await freePortOffset(root)) };
      await npm(free, ['start', '--', '--engine', 'native'], signal);
      return free;
    });
    return await use({ AIOPS_DATA_DIR: dataDir, ...offset });
  } finally {
    await npm({}, ['stop']);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
