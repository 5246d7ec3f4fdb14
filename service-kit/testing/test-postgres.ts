import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { acceptsConnections } from '../postgres/accepts-connections.ts';
import { findPostgres } from '../postgres/find-postgres.ts';
import { layOutServer } from '../postgres/postgres-server.ts';
import { serverUser } from '../postgres/server-user.ts';
import { endWithUs } from './end-with-us.ts';

/** Of the image that docker-compose.yml pins. */
const MAJOR = 18;
const READY_WITHIN_MS = 20_000;

export interface TestPostgres extends AsyncDisposable {
  /** Its folder; the data is in `data`. */
  readonly home: string;
  readonly port: number;
  /** Without a password: `postgres://shop@127.0.0.1:PORT/shop`. */
  readonly url: string;
  readonly password: string;
  /** Holds the password. */
  readonly passwordFile: string;
  readonly monitorPassword: string;
  /** What it said so far. */
  log(): string;
  /** Ends it: SIGINT closes its connections and writes what it holds, SIGKILL is a crash. */
  stop(signal?: 'SIGINT' | 'SIGKILL'): Promise<void>;
  /** Starts it again, at the same port with the same data; returns when it accepts connections. */
  start(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * A PostgreSQL of its own for a test, with the configuration of the platform's and an empty database `shop`, at a free port; about a
 * second after the call. Its data is gone with it, it is gone with us, and safe from a kill of its processes only, not of the host.
 *
 * @param root of the checkout.
 */
export async function startTestPostgres(
  options: { readonly root?: string; readonly major?: number } = {},
): Promise<TestPostgres> {
  const { root = join(import.meta.dirname, '..', '..'), major = MAJOR } = options;
  const user = serverUser();
  const programs = findPostgres({ path: process.env.PATH ?? '', major, user });
  if (!programs) throw new Error('no PostgreSQL here: npm ci installs one');
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  chmodSync(folder, 0o711);
  const passwordFile = join(folder, 'password');
  const password = 'password-of-the-shop-in-tests';
  const monitorPassword = 'password-of-the-monitor-in-tests';
  writeFileSync(passwordFile, password);
  const port = await freePort();
  const home = join(folder, 'home');
  const { command, args, environment, workingDirectory, uid, gid } = layOutServer({
    root,
    home,
    port,
    programs,
    user,
    passwords: { shop: password, monitor: monitorPassword },
  });
  let said = '';
  let running: ChildProcess | undefined;

  async function start() {
    const child = spawn(command, [...args, '-c', 'fsync=off', '-c', 'full_page_writes=off'], {
      cwd: workingDirectory,
      env: { ...environment, INITDB_OPTIONS: '--no-sync' },
      ...(uid !== undefined && gid !== undefined && { uid, gid }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running = child;
    endWithUs(child, folder);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await acceptsConnections({ host: '127.0.0.1', port, timeoutMs: 1_000 }))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        await stop('SIGKILL');
        throw new Error(`PostgreSQL ${programs?.version} did not start:\n${said}`);
      }
      await delay(20);
    }
  }
  async function stop(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT') {
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    running.kill(signal);
    await once(running, 'close');
  }
  await start();
  return {
    home,
    port,
    url: `postgres://shop@127.0.0.1:${port}/shop`,
    password,
    passwordFile,
    monitorPassword,
    log: () => said,
    stop,
    start,
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
