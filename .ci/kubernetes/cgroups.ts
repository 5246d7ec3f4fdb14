import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';
const CPUSET = ['cpuset.cpus', 'cpuset.mems'];

/** A hierarchy for each controller, as cgroup v1 has it: what the nodes here are made for. */
export const hasHierarchies = () =>
  existsSync(join(CGROUPS, 'memory')) && existsSync(join(CGROUPS, 'cpuset'));

const everywhere = (name: string) =>
  readdirSync(CGROUPS, { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map((each) => join(CGROUPS, each.name, name));

export function makeCgroup(name: string): void {
  for (const folder of everywhere(name)) mkdirSync(folder, { recursive: true });
  // Empty in a new one, in which nothing could run then.
  for (const file of CPUSET)
    writeFileSync(join(CGROUPS, 'cpuset', name, file), readFileSync(join(CGROUPS, 'cpuset', file)));
}

/** With all below it, of which no process is left. */
export function removeCgroup(name: string): void {
  for (const folder of everywhere(name)) if (existsSync(folder)) removeTree(folder);
}

function removeTree(folder: string): void {
  for (const each of readdirSync(folder, { withFileTypes: true }))
    if (each.isDirectory()) removeTree(join(folder, each.name));
  rmdirSync(folder);
}
