import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { freePortOffset } from './free-port-offset.ts';

const START_TIMEOUT_MS = 25 * 60_000;

/**
 * Starts a native stack with ports and a data folder of its own, by the one command a user has; calls `use` with the
 * environment that leads to it; and ends it again, however `use` ended. `startedWith` is for the stack alone.
 */
export async function withOwnStack<T>(
  root: string,
  signal: AbortSignal,
  use: (environment: Readonly<Record<string, string>>) => Promise<T>,
  startedWith: Readonly<Record<string, string>> = {},
): Promise<T> {
  const dataDir = mkdtempSync(join(root, '.data-test-'));
  const environment = { AIOPS_DATA_DIR: dataDir, AIOPS_PORT_OFFSET: String(await freePortOffset(root)) };
  const npm = (args: readonly string[], cancelSignal?: AbortSignal) =>
    execa('npm', ['--silent', ...args], {
      cwd: root,
      env: { ...startedWith, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: START_TIMEOUT_MS,
      ...(cancelSignal && { cancelSignal, forceKillAfterDelay: 60_000 }),
    });
  try {
    await npm(['start', '--', '--engine', 'native'], signal);
    return await use(environment);
  } finally {
    await npm(['stop']);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
