import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { containers, memoryInUse, type Project, services } from './project.ts';

/** All containers with the default traffic stay below this. */
export const MEMORY_BUDGET_BYTES = 1.6e9;
/** From `docker compose up -d`, images present, to the last service healthy. */
const READY_BUDGET_SECONDS = 60;

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** What runs: service, user, read-only, ports, memory, seconds to healthy; and the sums that have budgets. */
export async function serviceTable(
  project: Project,
  secondsToHealthy: ReadonlyMap<string, number>,
): Promise<string> {
  const [found, memory] = await Promise.all([containers(project), memoryInUse(project)]);
  const table = plainTable([
    'service',
    'user',
    'read-only',
    'ports',
    'memory',
    'limit',
    'cpus',
    'healthy after',
  ]);
  for (const [name] of services(project)) {
    const container = found.get(name);
    if (!container) continue;
    const { Config, HostConfig } = container;
    const ports = Object.values(HostConfig.PortBindings ?? {}).flatMap((bindings) =>
      (bindings ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`),
    );
    const used = memory.get(name);
    table.push([
      name,
      Config.User,
      HostConfig.ReadonlyRootfs ? 'yes' : 'no',
      ports.join(' ') || '-',
      used === undefined ? 'ended' : megabytes(used),
      megabytes(HostConfig.Memory),
      String(HostConfig.NanoCpus / 1e9),
      `${(secondsToHealthy.get(name) ?? Number.NaN).toFixed(0)} s`,
    ]);
  }
  const total = [...memory.values()].reduce((sum, bytes) => sum + bytes, 0);
  const slowest = Math.max(...secondsToHealthy.values());
  return [
    table.toString(),
    '',
    `All containers: ${megabytes(total)} (budget ${megabytes(MEMORY_BUDGET_BYTES)}), without Grafana where it is left out.`,
    `All healthy after ${slowest.toFixed(0)} s (budget ${READY_BUDGET_SECONDS} s with images present).`,
  ].join('\n');
}
