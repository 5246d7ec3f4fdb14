import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import type { PostgresPrograms } from './find-postgres.ts';
import { type DatabaseRole, roleFile } from './roles.ts';
import type { ServerUser } from './server-user.ts';

/** How a process is started. */
export interface ServerProcess {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** As whom, where not as ourselves. */
  readonly uid?: number;
  readonly gid?: number;
}

const dataFolder = (home: string) => join(home, 'data');

/** Major version of the data in a server's folder; undefined where there is none yet. @throws what the disk throws */
export function dataMajor(home: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(dataFolder(home), 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Gives a folder, and all in it, to the user. */
function give(path: string, { uid, gid }: ServerUser): void {
  chownSync(path, uid, gid);
  for (const each of readdirSync(path, { recursive: true, encoding: 'utf8' }))
    chownSync(join(path, each), uid, gid);
}

/**
 * Lays out what a server's process starts from in its folder, which the server's user owns: the files of `postgres` in the checkout,
 * and the passwords of its roles. The data itself is made by `start.sh`.
 *
 * @param root of the checkout.
 * @param home the server's folder.
 * @returns the process: a POSIX shell that becomes the server, at 127.0.0.1 alone.
 */
export function layOutServer(options: {
  readonly root: string;
  readonly home: string;
  readonly port: number;
  readonly programs: PostgresPrograms;
  readonly user: ServerUser | undefined;
  readonly passwords: Readonly<Record<DatabaseRole, string>>;
}): ServerProcess {
  const { root, home, port, programs, user, passwords } = options;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const files = join(home, 'start');
  cpSync(join(root, 'postgres'), files, { recursive: true });
  const roles = join(home, 'roles');
  mkdirSync(roles, { recursive: true });
  for (const [name, sql] of Object.entries({
    ...roleFile('shop', passwords.shop),
    ...roleFile('monitor', passwords.monitor),
  }))
    writeFileSync(join(roles, name), sql, { mode: 0o600 });
  // PostgreSQL refuses data that others may read, and a restored backup has not kept that.
  if (existsSync(dataFolder(home))) chmodSync(dataFolder(home), 0o700);
  if (user) give(home, user);
  return {
    command: '/bin/sh',
    args: [
      join(files, 'start.sh'),
      ...['-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    ],
    environment: {
      PATH: [programs.folder, '/usr/bin', '/bin'].join(delimiter),
      PGDATA: dataFolder(home),
      ROLES_DIR: roles,
      // Of what it says: not in the language of this host.
      LC_ALL: 'C',
    },
    workingDirectory: home,
    ...(user && { uid: user.uid, gid: user.gid }),
  };
}
