import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When process `pid` started, as the system writes it: with the pid it names one process for good, since pids are
 * used again. undefined where no such process runs.
 */
export function processStartTime(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
      );
    }
    // proc(5): field 22 is the start time; field 2, the command in parentheses, may itself hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** A process that can be found again, or known to be gone, by whoever comes later. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  return processStartTime(pid) === startTime;
}

/**
 * Ends a process: SIGTERM, and SIGKILL after `timeoutMs`. Returns once it is gone.
 */
export async function endProcess(identity: ProcessIdentity, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let signal: NodeJS.Signals = 'SIGTERM';
  while (isRunning(identity)) {
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      return;
    }
    const until = signal === 'SIGTERM' ? deadline : Date.now() + 500;
    while (isRunning(identity) && Date.now() < until) await new Promise((done) => setTimeout(done, 50));
    signal = 'SIGKILL';
  }
}
