import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canReach, serverUser } from '@aiops-sre/service-kit/postgres/server-user.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSettings } from '../settings.ts';
import { layout as layoutOf } from './layout.ts';
import { layOutPostgres, removePostgresElsewhere, requirePostgres } from './postgres.ts';

const root = join(import.meta.dirname, '..', '..');
/** Of mode 700, as root's own folder is. */
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'native-postgres-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const laidOut = () => {
  const settings = readSettings(root, { AIOPS_DATA_DIR: dataDir });
  return { settings, layout: layoutOf(settings) };
};

test('data of a version that this host has not is refused, and left as it is', () => {
  const { settings, layout } = laidOut();
  const version = join(layout.data('postgres'), 'data', 'PG_VERSION');
  mkdirSync(join(version, '..'), { recursive: true });
  writeFileSync(version, '99\n');
  expect(() => requirePostgres(settings, layout, '')).toThrow(/has data of PostgreSQL 99, and this host has/);
  expect(readFileSync(version, 'utf8')).toBe('99\n');
});

test.skipIf(process.getuid?.() !== 0)(
  'as root, the data is where the server’s user can reach it, stays there, and is deleted from there',
  () => {
    const { settings, layout } = laidOut();
    mkdirSync(layout.secretsDir);
    for (const name of ['database-password', 'database-monitor-password'])
      writeFileSync(join(layout.secretsDir, name), `secret-of-${name}`);
    const programs = requirePostgres(settings, layout, '');
    const { workingDirectory } = layOutPostgres(settings, layout, programs);
    expect(lstatSync(layout.data('postgres')).isSymbolicLink()).toBe(true);
    expect(canReach(serverUser(), workingDirectory)).toBe(true);
    writeFileSync(join(workingDirectory, 'kept'), '');
    expect(layOutPostgres(settings, layout, programs).workingDirectory).toBe(workingDirectory);
    expect(existsSync(join(workingDirectory, 'kept'))).toBe(true);
    removePostgresElsewhere(layout);
    expect(existsSync(workingDirectory)).toBe(false);
  },
);
