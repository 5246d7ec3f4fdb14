import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** SIGTERM, and SIGKILL to a child that is still there after `withinMs`. Resolves once it is gone. */
export async function endChild(child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([exited, sleep(withinMs, undefined, { ref: false })]);
  child.kill('SIGKILL');
  await exited;
}
