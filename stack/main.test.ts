import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withReservedPortOffset } from './testing/reserved-port-offset.ts';

const ROOT = dirname(import.meta.dirname);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stack-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The command as a user's shell runs it, on a host that has nothing but Node. */
function stack(args: readonly string[], environment: Record<string, string> = {}) {
  return execa(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env: {
      PATH: folder,
      HOME: folder,
      AIOPS_DATA_DIR: join(folder, 'data'),
      AIOPS_CACHE_DIR: join(folder, 'cache'),
      ...environment,
    },
    extendEnv: false,
    reject: false,
    all: true,
  });
}

describe('npm start', () => {
  test.each([
    ['where releases are switched off', 'off', /there are no official releases for this host, and no Go/],
    [
      'where no release can be had',
      'http://127.0.0.1:1',
      /no Go on the PATH. No official release of [^:]+: 127.0.0.1:1 cannot be reached: ECONNREFUSED/,
    ],
  ])('without Docker and without Go, %s, names the ways out and starts nothing', async (_, url, why) => {
    const { exitCode, all } = await withReservedPortOffset(ROOT, (offset) =>
      stack(['start'], { AIOPS_RELEASES_URL: url, AIOPS_PORT_OFFSET: String(offset) }),
    );
    expect(exitCode).toBe(1);
    expect(all).toMatch(/there is no docker command/);
    expect(all).toMatch(why);
    expect(all).toMatch(/install Docker/);
    expect(all).toMatch(/install Go/);
  });

  test('with an unknown engine names the possible ones', async () => {
    const { exitCode, all } = await stack(['start', '--engine', 'podman']);
    expect(exitCode).not.toBe(0);
    expect(all).toMatch(/compose, native/);
  });

  test('with a port in use tells which and by what, before anything is built or started', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    // A Go that can do nothing but tell its version: building would fail.
    writeFileSync(join(folder, 'go'), '#!/bin/sh\necho go1.26.0\n', { mode: 0o755 });
    const { exitCode, all } = await stack(['start', '--engine', 'native'], {
      TEMPO_PORT: String(port),
    });
    server.close();
    expect(exitCode).toBe(1);
    expect(all).toMatch(new RegExp(`${port} \\(tempo\\) is held by pid ${process.pid}`));
    expect(all).not.toMatch(/Building/);
  });
});

test('npm stop with nothing running says so, and is fine', async () => {
  const { exitCode, all } = await stack(['stop']);
  expect(exitCode).toBe(0);
  expect(all).toMatch(/Nothing was running/);
});

test('npm run status with nothing running says so and exits with 1', async () => {
  const { exitCode, all } = await stack(['status']);
  expect(exitCode).toBe(1);
  expect(all).toMatch(/npm start/);
});

describe('npm run reset', () => {
  test('deletes nothing without an answer', async () => {
    mkdirSync(join(folder, 'data'));
    const { exitCode, all } = await stack(['reset']);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/--yes/);
    expect(existsSync(join(folder, 'data'))).toBe(true);
  });

  test('with --yes deletes the data folder', async () => {
    mkdirSync(join(folder, 'data'));
    expect((await stack(['reset', '--yes'])).exitCode).toBe(0);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});

describe('npm run backup and npm run restore', () => {
  const flags = () => join(folder, 'data', 'flags', 'demo.flagd.json');
  const file = () => join(folder, 'kept.tar');
  beforeEach(async () => {
    mkdirSync(join(folder, 'data', 'flags'), { recursive: true });
    writeFileSync(flags(), 'before');
    expect((await stack(['backup', file()])).exitCode).toBe(0);
    writeFileSync(flags(), 'since then');
  });

  test('replace nothing without an answer', async () => {
    const { exitCode, all } = await stack(['restore', file()]);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/replace what is there \(flags\).*--yes/);
    expect(readFileSync(flags(), 'utf8')).toBe('since then');
  });

  test('with --yes put back what there was', async () => {
    const { exitCode, all } = await stack(['restore', file(), '--yes']);
    expect(all).toMatch(/Restored\. npm start -- --engine native/);
    expect(exitCode).toBe(0);
    expect(readFileSync(flags(), 'utf8')).toBe('before');
  });
});
