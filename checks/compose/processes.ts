import { readFileSync } from 'node:fs';
import { eventually } from '../testing/stack-under-test.ts';
import { type Container, containers, isHealthy, type Project } from './project.ts';

/**
 * Whether the processes in these containers are this host's, which a remote engine's and those of a virtual machine are
 * not, and may be looked at and killed from here, which takes root.
 */
export function seesProcesses(found: ReadonlyMap<string, Container>): boolean {
  const running = [...found.values()].find(({ State }) => State.Pid > 0);
  if (!running || process.getuid?.() !== 0) return false;
  try {
    // The first process of a namespace: its number here, then 1 in there.
    return /^NSpid:\t\d+\t1$/m.test(readFileSync(`/proc/${running.State.Pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Kills a service's process as a crash would: `docker kill` counts as the user's wish, and is not restarted.
 *
 * @returns seconds until it was healthy again, as another process.
 */
export async function killAndAwait(project: Project, service: string, timeoutMs: number): Promise<number> {
  const before = (await containers(project)).get(service)?.State.Pid;
  if (!before) throw new Error(`${service} does not run`);
  const startedMs = Date.now();
  process.kill(before, 'SIGKILL');
  await eventually(`healthy ${service} after its kill`, timeoutMs, async () => {
    const container = (await containers(project)).get(service);
    return container?.State.Pid !== before && isHealthy(project, service, container);
  });
  return (Date.now() - startedMs) / 1000;
}
