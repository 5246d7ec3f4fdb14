import { join } from 'node:path';
import { execa } from 'execa';
import { freeBytes, gigabytes } from '../disk-space.ts';
import { readStatus } from '../status/status-report.ts';
import { planUpgrade } from '../upgrade/plan.ts';
import { backup } from './backup.ts';
import { confirmed } from './confirmed.ts';
import type { CommandContext } from './context.ts';
import { dataOf, engineHere } from './data.ts';
import { stop } from './stop.ts';

const MOST_COMMITS = 20;

/**
 * Says what a newer version would bring and what stands in its way; without `dryRun` then takes a backup, goes there, and starts
 * what ran again. Exit code 1 where something stands in the way.
 */
export async function upgrade(
  context: CommandContext,
  options: { readonly dryRun: boolean; readonly to?: string; readonly yes: boolean },
): Promise<void> {
  const { settings, signal, write } = context;
  const { root } = settings;
  const { target, commits, versions, problems } = await planUpgrade({ root, to: options.to, signal });
  const engine = (await engineHere(context)) ?? 'native';
  const store = dataOf(context, engine);
  const parts = await store.parts();
  const needed = 2 * (await store.bytes(parts));
  const free = freeBytes(root);
  const all = [
    ...problems,
    ...(free < needed ? [`No room for a backup: ${gigabytes(needed)} needed, ${gigabytes(free)} free`] : []),
  ];
  write(commits.length === 0 ? `Nothing is newer in ${target}.` : `${commits.length} commits of ${target}:`);
  for (const line of commits.slice(0, MOST_COMMITS)) write(`  ${line}`);
  if (commits.length > MOST_COMMITS) write(`  and ${commits.length - MOST_COMMITS} more`);
  for (const { name, from, to } of versions) write(`  ${name}: ${from} -> ${to}`);
  if (parts.length > 0)
    write(`Data: ${parts.join(', ')}; ${gigabytes(needed)} for a backup of it, ${gigabytes(free)} free.`);
  for (const problem of all) write(`In the way: ${problem}.`);
  if (all.length > 0) process.exitCode = 1;
  if (options.dryRun || all.length > 0 || commits.length === 0) return;

  const question = `Back up, stop, and go to ${target}?`;
  if (!options.yes && !(await confirmed(question, 'npm run upgrade -- --yes', signal)))
    return write('Left as it is.');
  const ran = (await readStatus(settings)) !== undefined;
  const { stdout: revision } = await execa('git', ['rev-parse', '--short', 'HEAD'], { cwd: root });
  const file = join(root, 'backups', `before-upgrade-${revision}.tar`);
  if (parts.length > 0) await backup(context, file, { withSecrets: true });
  if (ran) await stop(context);
  await execa('git', ['merge', '--ff-only', target], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  write(`At ${target}. Back: git reset --keep ${revision} && npm run restore -- ${file}`);
  // By the new version, which installs what it needs first.
  if (ran) await execa('npm', ['start', '--', '--engine', engine], { cwd: root, stdio: 'inherit' });
}
