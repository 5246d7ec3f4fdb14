import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endChild } from '@aiops-sre/service-kit/lifecycle/end-child.ts';
import type { ComposeFile } from '@aiops-sre/stack/compose/compose-file.ts';
import { healthTargets } from '@aiops-sre/stack/compose/guard/targets.ts';
import { askReady } from '@aiops-sre/stack/readiness/ask-ready.ts';
import { type Places, placed, placedArguments } from './places.ts';

/** Loki's and Tempo's rings want every member to have been there for a while. */
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 15_000;
const LAST_BYTES = 2_000;

interface NativeServicesOptions {
  readonly root: string;
  readonly file: ComposeFile;
  /** Binaries by the repository of their images. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Folders behind named volumes, by name; every other one is made and empty. */
  readonly volumes: Readonly<Record<string, string>>;
  /** First three bytes of addresses: each service has one of its own, as in a network of containers. */
  readonly network: string;
  /** Added to a service's arguments, by its name. */
  readonly moreArguments?: Readonly<Record<string, readonly string[]>>;
}

export interface NativeServices extends AsyncDisposable {
  /** `http://ADDRESS:PORT` of a service. */
  url(name: string, port: number): string;
  /** Starts them side by side. @throws Error with the last lines of one that does not get ready */
  start(names: readonly string[], signal: AbortSignal): Promise<void>;
  /** SIGKILL, as by the kernel; resolves once it is gone. */
  kill(name: string): Promise<void>;
}

/**
 * Services of a Compose file without Docker: the same command, environment and configuration, each at an address of its own on the
 * loopback, where host names and paths of the container lead to that address and to folders of this run.
 */
export function nativeServices(options: NativeServicesOptions): NativeServices {
  const { root, file, network } = options;
  const folder = mkdtempSync(join(tmpdir(), 'scale-'));
  // Secrets of this run are in it.
  chmodSync(folder, 0o700);
  const addresses = new Map(
    Object.keys(file.services).map((name, index) => [name, `${network}.${index + 10}`]),
  );
  const healthUrls = new Map(
    healthTargets
      .parse(file.services.guard?.environment.HEALTH_TARGETS ?? '')
      .map(({ service, url }) => [service, url]),
  );
  const running = new Map<string, ChildProcess>();

  const serviceOf = (name: string) => {
    const service = file.services[name];
    const address = addresses.get(name);
    if (!service || !address) throw new Error(`there is no service ${name}`);
    return { service, address };
  };

  function made(path: string): string {
    mkdirSync(path, { recursive: true });
    return path;
  }

  /**
   * Lays the mounts of a service out below a root of its own, as in its container: a file of the checkout is copied, with its names and
   * paths in their places.
   */
  function placesOf(name: string): Places {
    const { service, address } = serviceOf(name);
    const mounts = service.volumes
      .map((volume) => volume.split(':') as [string, string])
      .sort(([, one], [, other]) => one.length - other.length);
    const below = (path: string) => join(folder, name, 'root', path);
    const places = {
      own: address,
      addresses,
      paths: new Map(mounts.map(([, path]) => [path, below(path)])),
    };
    const links: string[] = [];
    for (const [source, path] of mounts) {
      // Part of another mount.
      if (links.some((link) => path.startsWith(`${link}/`))) continue;
      made(dirname(below(path)));
      const isOfCheckout = source.startsWith('./');
      if (isOfCheckout && statSync(join(root, source)).isFile()) {
        writeFileSync(below(path), placed(readFileSync(join(root, source), 'utf8'), places));
        continue;
      }
      const target = isOfCheckout
        ? join(root, source)
        : (options.volumes[source] ?? made(join(folder, 'volumes', source)));
      rmSync(below(path), { force: true });
      symlinkSync(target, below(path));
      links.push(path);
    }
    return places;
  }

  function healthUrl(name: string): string {
    const { service, address } = serviceOf(name);
    const url =
      healthUrls.get(name) ??
      service.healthcheck?.test?.join(' ').match(/http:\/\/\S+/)?.[0] ??
      `http://127.0.0.1/no-health-check-of-${name}`;
    const asked = new URL(url.replace('127.0.0.1', name));
    asked.hostname = address;
    if (service.healthcheck?.test?.includes('promtool')) asked.pathname = '/-/ready';
    return asked.href;
  }

  function launch(name: string): ChildProcess {
    const { service, address } = serviceOf(name);
    const places = placesOf(name);
    const [repository = ''] = (service.image ?? '').split(':');
    const binary = options.binaries[repository];
    if (!binary) throw new Error(`no binary of the image ${repository}`);
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = spawn(
      binary,
      placedArguments([...service.command, ...(options.moreArguments?.[name] ?? [])], places),
      {
        cwd: made(join(folder, name)),
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          ADVERTISE_HOST: address,
          ...Object.fromEntries(
            Object.entries(service.environment).map(([key, value]) => [key, placed(value ?? '', places)]),
          ),
        },
        stdio: ['ignore', log, log],
      },
    );
    closeSync(log);
    running.set(name, child);
    return child;
  }

  const lastLines = (name: string) => readFileSync(join(folder, `${name}.log`), 'utf8').slice(-LAST_BYTES);

  async function untilReady(name: string, child: ChildProcess, signal: AbortSignal): Promise<void> {
    const url = healthUrl(name);
    for (const endMs = performance.now() + READY_WITHIN_MS; ; await sleep(250, undefined, { signal })) {
      const reason = await askReady({ url }, 5_000);
      if (reason === undefined) return;
      if (child.exitCode !== null || performance.now() > endMs)
        throw new Error(`${name} did not get ready (${reason}):\n${lastLines(name)}`);
    }
  }

  return {
    url: (name, port) => `http://${serviceOf(name).address}:${port}`,
    async start(names, signal) {
      const children = names.map((name) => [name, launch(name)] as const);
      await Promise.all(children.map(([name, child]) => untilReady(name, child, signal)));
    },
    async kill(name) {
      const child = running.get(name);
      if (!child) throw new Error(`${name} does not run`);
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...running.values()].map((child) => endChild(child, STOP_WITHIN_MS)));
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
