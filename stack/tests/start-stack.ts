import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { TestProject } from 'vitest/node';
import { portsInUse } from '../native/ports-in-use.ts';
import { readSettings } from '../settings.ts';
import { ROOT } from './stack-under-test.ts';

declare module 'vitest' {
  interface ProvidedContext {
    dataDir: string;
    portOffset: number;
  }
}

/** Beside the ports of a stack in use, and below the ephemeral ones. */
const PORT_OFFSETS = [10_000, 12_000, 14_000, 16_000];

const START_TIMEOUT_MS = 25 * 60_000;

async function freePortOffset(): Promise<number> {
  for (const offset of PORT_OFFSETS) {
    const { ports } = readSettings(ROOT, { AIOPS_PORT_OFFSET: String(offset) });
    if ((await portsInUse(ports)).length === 0) return offset;
  }
  throw new Error(`ports in use at each offset of ${PORT_OFFSETS.join(', ')}`);
}

/** Starts a native stack of its own with one command, as a user would, and ends it after the last test. */
export default async function startStack(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(ROOT, '.data-test-'));
  const portOffset = await freePortOffset();
  const environment = { AIOPS_DATA_DIR: dataDir, AIOPS_PORT_OFFSET: String(portOffset) };
  const npm = (...args: string[]) =>
    execa('npm', args, {
      cwd: ROOT,
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: START_TIMEOUT_MS,
    });
  const end = async () => {
    await npm('--silent', 'stop');
    if (!process.env.KEEP_STACK_DATA) rmSync(dataDir, { recursive: true, force: true });
  };
  project.provide('dataDir', dataDir);
  project.provide('portOffset', portOffset);
  try {
    await npm('--silent', 'start', '--', '--engine', 'native');
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}
