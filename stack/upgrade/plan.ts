import { parseEnv } from 'node:util';
import { execa } from 'execa';
import { isNewer } from '../backup/manifest.ts';

/** What an upgrade of a checkout would bring, and what stands in its way. */
export interface UpgradePlan {
  /** What it goes to: a branch of the remote, a tag, a commit. */
  readonly target: string;
  /** One line each, newest first. */
  readonly commits: readonly string[];
  /** Components of another version. */
  readonly versions: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly problems: readonly string[];
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

/**
 * Asks git what `to` has that the checkout has not. Fetches, and changes nothing else.
 *
 * @param options.to default: the branch that this one follows.
 * @throws Error where this is no checkout, or there is no such target.
 */
export async function planUpgrade(options: {
  readonly root: string;
  readonly to?: string | undefined;
  readonly signal: AbortSignal;
}): Promise<UpgradePlan> {
  const { root, signal } = options;
  const git = async (...args: string[]) =>
    (await execa('git', args, { cwd: root, cancelSignal: signal, timeout: 120_000 })).stdout;
  await git('rev-parse', '--git-dir').catch((cause) => {
    throw new Error(`${root}: is no git checkout, so nothing is known of its versions`, { cause });
  });
  const problems: string[] = [];
  await git('fetch', '--quiet', '--tags').catch((error: Error) => {
    problems.push(`What is new cannot be asked for: ${error.message.split('\n').slice(0, 2).join(' ')}`);
  });
  const target =
    options.to ??
    (await git('rev-parse', '--abbrev-ref', '@{upstream}').catch((cause) => {
      throw new Error('This branch follows none of a remote: name a version, --to v1.2.3', { cause });
    }));
  await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${target}^{commit}`).catch((cause) => {
    throw new Error(`${target}: there is no such version`, { cause });
  });
  const commits = lines(await git('log', '--oneline', '--no-decorate', `HEAD..${target}`));
  const own = lines(await git('log', '--oneline', `${target}..HEAD`));
  if (own.length > 0 && commits.length > 0)
    problems.push(
      `${own.length} commits here are not in ${target}: git rebase ${target}; what is yours needs no commit here in the home folder (my/)`,
    );
  const changed = new Set(lines(await git('diff', '--name-only', 'HEAD')));
  const brought = lines(await git('diff', '--name-only', `HEAD...${target}`));
  const both = brought.filter((file) => changed.has(file));
  if (both.length > 0)
    problems.push(`Changed here and there: ${both.join(', ')}. git stash, or git commit and rebase`);
  const versionsOf = async (revision: string) => {
    const variables = parseEnv(await git('show', `${revision}:.env`).catch(() => ''));
    return new Map(
      Object.entries(variables).flatMap(([name, value]) =>
        name.endsWith('_VERSION') && value
          ? [[name.replace(/_VERSION$/, '').toLowerCase(), value] as const]
          : [],
      ),
    );
  };
  const [here, there] = await Promise.all([versionsOf('HEAD'), versionsOf(target)]);
  const versions = [...there].flatMap(([name, to]) => {
    const from = here.get(name);
    return from !== undefined && from !== to ? [{ name, from, to }] : [];
  });
  const older = versions.filter(({ from, to }) => isNewer(from, to));
  if (older.length > 0)
    problems.push(
      `Older than here: ${older.map(({ name, to }) => `${name} ${to}`).join(', ')}. They may not read the data: restore a backup of that time instead`,
    );
  return { target, commits, versions, problems };
}
