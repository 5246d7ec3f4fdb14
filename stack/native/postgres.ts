import { createHash } from 'node:crypto';
import { cpSync, existsSync, lstatSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  findPostgres,
  OLDEST_MAJOR,
  type PostgresPrograms,
} from '@aiops-sre/service-kit/postgres/find-postgres.ts';
import {
  dataMajor,
  layOutServer,
  type ServerProcess,
} from '@aiops-sre/service-kit/postgres/postgres-server.ts';
import {
  canReach,
  type ServerUser,
  SYSTEM_FOLDER,
  serverUser,
} from '@aiops-sre/service-kit/postgres/server-user.ts';
import type { Settings } from '../settings.ts';
import { readSecret } from './configuration.ts';
import type { Layout } from './layout.ts';

const majorOf = ({ versions }: Settings) => Number.parseInt(versions.postgres, 10);

/**
 * A PostgreSQL for the data that is there, else of the version in `.env`, else the first there is.
 *
 * @throws Error where there is none, or none of the data's version: that stays as it is.
 */
export function requirePostgres(settings: Settings, layout: Layout, path: string): PostgresPrograms {
  const home = layout.data('postgres');
  const data = dataMajor(home);
  const found = findPostgres({ path, major: data ?? majorOf(settings), user: serverUser() });
  if (!found)
    throw new Error(
      `PostgreSQL, the shop’s database, is not on this host: expected version ${OLDEST_MAJOR} or newer on the PATH. npm start -- --no-demo goes without.`,
    );
  if (data !== undefined && found.major !== data)
    throw new Error(
      `${home}: has data of PostgreSQL ${data}, and this host has ${found.version} (${found.folder}). Nothing was changed. Install PostgreSQL ${data}, or restore a backup of a version that is here, or npm run reset begins without.`,
    );
  return found;
}

/**
 * The folder of the server. Where we are root and the server's user cannot reach the data folder (/root/..., say), it is elsewhere
 * and a link leads there.
 */
function reachableHome(home: string, user: ServerUser | undefined): string {
  mkdirSync(dirname(home), { recursive: true });
  const link = lstatSync(home, { throwIfNoEntry: false });
  if (!link?.isSymbolicLink()) {
    if (canReach(user, dirname(home))) return home;
    const elsewhere = join(
      SYSTEM_FOLDER,
      `postgres-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`,
    );
    // What was left there belongs to a data folder that is gone.
    rmSync(elsewhere, { recursive: true, force: true });
    mkdirSync(elsewhere, { recursive: true });
    if (link) cpSync(home, elsewhere, { recursive: true, preserveTimestamps: true });
    rmSync(home, { recursive: true, force: true });
    symlinkSync(elsewhere, home);
  }
  return realpathSync(home);
}

/** The shop's database, laid out to be started; after the secrets were made. */
export function layOutPostgres(
  settings: Settings,
  layout: Layout,
  programs: PostgresPrograms,
): ServerProcess {
  const user = serverUser();
  return layOutServer({
    root: settings.root,
    home: reachableHome(layout.data('postgres'), user),
    port: settings.ports.postgres,
    programs,
    user,
    passwords: {
      shop: readSecret(layout, 'database-password'),
      monitor: readSecret(layout, 'database-monitor-password'),
    },
  });
}

/** Deletes what {@link layOutPostgres} put elsewhere. */
export function removePostgresElsewhere(layout: Layout): void {
  const home = layout.data('postgres');
  if (existsSync(home)) rmSync(realpathSync(home), { recursive: true, force: true });
}
