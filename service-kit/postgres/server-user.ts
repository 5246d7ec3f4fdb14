import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A user of this host as whom PostgreSQL runs. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then it is `postgres`, where this host has that user, else `nobody`. Undefined: as ourselves. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([each]) => each === name) ?? [];
    // macOS has -2.
    if (uid && gid) return { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  throw new Error('/etc/passwd: PostgreSQL does not run as root, and there is no user postgres or nobody');
}

/** Whether the user may pass through all folders above the path, as far as they exist, and through itself. */
export function canReach(user: ServerUser | undefined, path: string): boolean {
  if (!user) return true;
  const { mode, uid, gid } = existsSync(path) ? statSync(path) : { mode: 0o1, uid: 0, gid: 0 };
  const passes = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001;
  return passes !== 0 && (path === dirname(path) || canReach(user, dirname(path)));
}

/** Of root to write, of all to reach: for what the server's user has to reach and cannot where it is. */
export const SYSTEM_FOLDER = '/var/lib/aiops-sre-observability';
