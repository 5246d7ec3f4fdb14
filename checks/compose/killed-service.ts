import { eventually } from '../stack/stack-under-test.ts';
import { containers, isHealthy, type Project } from './project.ts';

/**
 * Kills a service's process as a crash would: `docker kill` counts as the user's wish, and is not restarted.
 * Needs the engine on this host, and root.
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
