import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../testing/test-postgres.ts';
import { acceptsConnections } from './accepts-connections.ts';
import { dataMajor } from './postgres-server.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());

const accepts = () => acceptsConnections({ host: '127.0.0.1', port: server.port, timeoutMs: 1_000 });
const data = () => join(server.home, 'data');

it('goes on with its data after a stop, and after a kill', async () => {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    await server.stop(signal);
    expect(await accepts()).toBe(false);
    await server.start();
    expect(await accepts()).toBe(true);
  }
  expect(server.log()).toContain('automatic recovery in progress');
  expect(server.log()).not.toMatch(/ERROR|could not/);
});

it('begins anew what was interrupted while it made its data', async () => {
  await server.stop();
  renameSync(data(), `${data()}.partial`);
  writeFileSync(join(`${data()}.partial`, 'global', 'pg_control'), 'cut off');
  await server.start();
  expect(dataMajor(server.home)).toBe(18);
  expect(existsSync(`${data()}.partial`)).toBe(false);
});

it('refuses data of another version, and leaves it as it is', async () => {
  await server.stop();
  const version = join(data(), 'PG_VERSION');
  writeFileSync(version, '99\n');
  await expect(server.start()).rejects.toThrow('data of PostgreSQL 99, expected 18');
  expect(readFileSync(version, 'utf8')).toBe('99\n');
  writeFileSync(version, '18\n');
  await server.start();
});

it('refuses a folder that is none of its own', async () => {
  await server.stop();
  renameSync(data(), `${data()}.aside`);
  mkdirSync(data());
  await expect(server.start()).rejects.toThrow('PG_VERSION');
  expect(existsSync(data())).toBe(true);
});
