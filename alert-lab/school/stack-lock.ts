import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { check } from '@aiops-sre/service-kit/schema/check.ts';
import { z } from 'zod';

/** Of a pilot that lives, it was said no longer ago; also where its number is that of another process by now. */
const ALIVE_MS = 2 * 60_000;

const heldSchema = z.object({
  pid: z.int().positive(),
  mission: z.string(),
  /** The variant of each flag before. */
  flags: z.record(z.string(), z.string()),
});
export type Held = z.infer<typeof heldSchema>;

export interface StackLock {
  /** Says that its holder lives. */
  beat(): void;
  release(): void;
}

/**
 * One flight at a time: a file that tells who flies, and what to put back should it not come to that.
 *
 * @param onLeft called first, with what a pilot that is no more has left behind; what it throws leaves it there
 * @throws LockError while another flies
 */
export async function lockStack(
  file: string,
  held: Held,
  onLeft: (left: Held) => Promise<void>,
  nowMs: () => number = Date.now,
): Promise<StackLock> {
  mkdirSync(dirname(file), { recursive: true });
  if (!tryToHold(file, held)) {
    const other = readHeld(file);
    if (other !== undefined && isAlive(other.pid) && nowMs() - statSync(file).mtimeMs < ALIVE_MS)
      throw new LockError(
        `${other.mission} is being flown on this stack by process ${other.pid}: one learner at a time`,
      );
    const claimed = `${file}.${process.pid}`;
    // Of two that find it at once one gets it.
    renameSync(file, claimed);
    try {
      if (other !== undefined) await onLeft(other);
    } catch (error) {
      renameSync(claimed, file);
      throw error;
    }
    rmSync(claimed);
    if (!tryToHold(file, held)) throw new LockError('another learner was quicker: one at a time');
  }
  return {
    beat() {
      const now = nowMs() / 1000;
      utimesSync(file, now, now);
    },
    release: () => rmSync(file, { force: true }),
  };
}

function tryToHold(file: string, held: Held): boolean {
  try {
    writeFileSync(file, JSON.stringify(held), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** undefined for a file that was cut short. */
function readHeld(file: string): Held | undefined {
  try {
    return check(heldSchema, JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export class LockError extends Error {
  override readonly name = 'LockError';
}
