import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Of proc(5)'s times, on every Linux. */
const TICKS_A_SECOND = 100;

/** Seconds of processor time, user and system, of a process and those it started; Linux only, 0 where it is gone. */
export function processorSeconds(pid: number): number {
  try {
    // After the name, which may hold anything: state, ppid, ..., utime and stime as 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    const own = (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return children.reduce((sum, child) => sum + processorSeconds(Number(child)), own);
  } catch {
    return 0;
  }
}

/** Seconds that the machine's processors were busy since it started. */
export const machineSeconds = () =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
