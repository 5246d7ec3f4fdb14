import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { docker, engineVersion } from '@aiops-sre/checks/compose/docker.ts';
import { execa } from 'execa';
import { NotHereError } from '../command.ts';
import { installPackages } from '../packages.ts';

/** A Docker engine that answers, with the Compose plugin. */
export interface Engine {
  /** What leads the docker command to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Started here, and ended here again: what is left in it disturbs no one. */
  readonly isOwn: boolean;
}

const ENGINE_START_MS = 60_000;
const ENGINE_STOP_MS = 60_000;
const DEFAULT_BRIDGE = '/sys/class/net/docker0';

const exists = (command: string) =>
  execa('which', [command], { reject: false }).then(({ failed }) => !failed);

/** Debian's engine, from the distribution's own packages. Needs root. */
async function installEngine(signal: AbortSignal): Promise<void> {
  if (!(await exists('apt-get'))) {
    throw new NotHereError('no Docker engine answers, and without apt-get none can be installed');
  }
  await installPackages(['docker.io', 'iptables'], signal);
}

/** A folder for DOCKER_CONFIG in which the Compose plugin is found, beside nothing of the user's. */
function configWithPlugin(folder: string, composeBinary: string): string {
  const plugins = join(folder, 'config', 'cli-plugins');
  mkdirSync(plugins, { recursive: true });
  symlinkSync(composeBinary, join(plugins, 'docker-compose'));
  return join(folder, 'config');
}

/** Debian's engine has no BuildKit builder beside it. */
async function builder(environment: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const hasBuildx = await docker(['buildx', 'version'], { environment }).then(
    () => true,
    () => false,
  );
  return hasBuildx ? {} : { DOCKER_BUILDKIT: '0' };
}

/**
 * Calls `use` with a Docker engine: the one that answers, else one of its own, with its own socket and a data folder
 * that keeps images from run to run, which is ended again however `use` ended.
 *
 * @throws NotHereError where that cannot be.
 */
export async function withEngine<T>(
  options: {
    readonly dataRoot: string;
    /** Path of Docker's Compose plugin; asked for only where it is needed. */
    readonly composeBinary: () => Promise<string>;
    readonly signal: AbortSignal;
    readonly write: (text: string) => void;
  },
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { dataRoot, composeBinary, signal, write } = options;
  const work = mkdtempSync(join(tmpdir(), 'docker-engine-'));
  try {
    const answering = await engineVersion();
    if (answering) {
      const hasPlugin = await docker(['compose', 'version']).then(
        () => true,
        () => false,
      );
      const plugin = hasPlugin ? {} : { DOCKER_CONFIG: configWithPlugin(work, await composeBinary()) };
      const environment = { ...plugin, ...(await builder(plugin)) };
      write(`Docker engine ${answering}, which was running.`);
      return await use({ environment, isOwn: false });
    }

    if (process.getuid?.() !== 0) throw new NotHereError('no Docker engine answers, and this is not root');
    if (!(await exists('dockerd'))) {
      write('No Docker engine: installing docker.io.');
      await installEngine(signal);
    }
    const environment: Record<string, string> = {
      DOCKER_HOST: `unix://${join(work, 'docker.sock')}`,
      DOCKER_CONFIG: configWithPlugin(work, await composeBinary()),
    };
    mkdirSync(dataRoot, { recursive: true });
    const hadBridge = existsSync(DEFAULT_BRIDGE);
    const logFile = join(work, 'dockerd.log');
    const log = openSync(logFile, 'w');
    // In a session of its own: Ctrl-C is for us, who end the containers first.
    const daemon = spawn(
      'dockerd',
      [
        ...['--host', environment.DOCKER_HOST ?? ''],
        ...['--data-root', join(dataRoot, 'data'), '--exec-root', join(work, 'exec')],
        // Beside the data, so that a second engine on them refuses to start.
        ...['--pidfile', join(dataRoot, 'dockerd.pid')],
      ],
      { stdio: ['ignore', log, log], detached: true },
    );
    closeSync(log);
    const exited = once(daemon, 'exit').catch(() => {});
    try {
      const version = await whenAnswering(environment, daemon, logFile);
      Object.assign(environment, await builder(environment));
      write(`Docker engine ${version}, started for this (data in ${dataRoot}).`);
      return await use({ environment, isOwn: true });
    } finally {
      daemon.kill('SIGTERM');
      await Promise.race([exited, sleep(ENGINE_STOP_MS, undefined, { ref: false })]);
      if (daemon.exitCode === null && daemon.signalCode === null) daemon.kill('SIGKILL');
      // An engine leaves its default bridge behind.
      if (!hadBridge) await execa('ip', ['link', 'delete', basename(DEFAULT_BRIDGE)], { reject: false });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function whenAnswering(
  environment: Readonly<Record<string, string>>,
  daemon: { readonly exitCode: number | null },
  logFile: string,
): Promise<string> {
  for (const deadline = Date.now() + ENGINE_START_MS; Date.now() < deadline && daemon.exitCode === null; ) {
    const version = existsSync(logFile) ? await engineVersion(environment) : undefined;
    if (version) return version;
    await sleep(300);
  }
  const lastLines = readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join('\n');
  throw new NotHereError(`dockerd does not start:\n${lastLines}`);
}
