import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The configuration as it is shipped. */
export const CONFIG_FILE = join(import.meta.dirname, '..', 'alertmanager.yml');

/** Runs amtool and gives what it printed. @throws Error with what it said, if it failed. */
export function amtool(binary: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(binary, args, { encoding: 'utf8', timeout: 20_000 });
  if (error) throw new Error(`${binary} cannot be run`, { cause: error });
  if (status !== 0) throw new Error(`amtool ${args.join(' ')} exited with ${status}:\n${stdout}${stderr}`);
  return stdout.trim();
}

/** Receivers that an alert with these labels goes to, comma-separated as amtool prints them. */
export function receiverOf(binary: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return amtool(binary, ['config', 'routes', 'test', `--config.file=${CONFIG_FILE}`, ...pairs]);
}
