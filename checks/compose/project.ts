import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { readComposeFile, type Service } from '@aiops-sre/stack/compose/compose-file.ts';
import { composePorts } from '@aiops-sre/stack/compose/environment.ts';
import type { Settings } from '@aiops-sre/stack/settings.ts';
import { z } from 'zod';
import { docker } from './docker.ts';

/** A copy of the checkout whose docker-compose.yml runs as a project of its own. */
export interface Project {
  /** The copy. */
  readonly folder: string;
  readonly name: string;
  readonly portOffset: number;
  readonly settings: Settings;
  readonly profiles: readonly string[];
}

const UP_MS = 20 * 60_000;

const inspectSchema = z.array(
  z.object({
    Name: z.string(),
    RestartCount: z.number(),
    State: z.object({
      Status: z.string(),
      Pid: z.number(),
      ExitCode: z.number(),
      Health: z.object({ Status: z.string() }).nullish(),
    }),
    Config: z.object({ User: z.string(), Labels: z.record(z.string(), z.string()) }),
    HostConfig: z.object({
      ReadonlyRootfs: z.boolean(),
      Memory: z.number(),
      NanoCpus: z.number(),
      PidsLimit: z.number().nullish(),
      PortBindings: z
        .record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullable())
        .nullish(),
    }),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string() })) }),
    Mounts: z.array(z.object({ Destination: z.string(), RW: z.boolean(), Type: z.string() })),
  }),
);
export type Container = z.infer<typeof inspectSchema>[number];

/** `docker compose ARGS` in the copy. The project's environment wins over `.env`, as a user's does. */
export function compose(project: Project, ...args: readonly string[]): Promise<string> {
  const environment = {
    ...composePorts(project.settings),
    COMPOSE_PROJECT_NAME: project.name,
    COMPOSE_PROFILES: project.profiles.join(','),
    // So that a terminal's worth of progress does not hide the reason of a failure.
    COMPOSE_PROGRESS: 'plain',
  };
  return docker(['compose', ...args], { environment, cwd: project.folder, timeoutMs: UP_MS });
}

/**
 * `docker compose down ARGS`. An engine may keep the endpoint of a container that was killed and is gone, and then removes no
 * network (moby/moby#33156): it is told to forget those. Where it still counts some it keeps an empty network, which the next
 * `up` takes.
 */
export async function takeDown(project: Project, ...args: readonly string[]): Promise<void> {
  const isLeftOver = async (error: unknown) =>
    /has active endpoints/.test((error as Error).message) && (await containers(project)).size === 0;
  try {
    await compose(project, 'down', ...args);
  } catch (error) {
    if (!(await isLeftOver(error))) throw error;
    await forgetEndpoints(project);
    await compose(project, 'down', ...args).catch(async (again: unknown) => {
      if (!(await isLeftOver(again))) throw again;
    });
  }
}

async function forgetEndpoints({ name }: Project): Promise<void> {
  const lines = async (...args: readonly string[]) => (await docker(args)).split('\n').filter(Boolean);
  const filter = `label=com.docker.compose.project=${name}`;
  const format = '{{range .Containers}}{{println .Name}}{{end}}';
  for (const network of await lines('network', 'ls', '--quiet', '--filter', filter))
    for (const gone of await lines('network', 'inspect', '--format', format, network))
      await docker(['network', 'disconnect', '--force', network, gone]);
}

/** Every service of the profiles, as docker-compose.yml has it. */
export function services({ folder, profiles }: Project): readonly (readonly [string, Service])[] {
  return Object.entries(readComposeFile(folder).services).filter(
    ([, service]) =>
      service.profiles.length === 0 || service.profiles.some((each) => profiles.includes(each)),
  );
}

/** The project's containers by service, also those that have ended. */
export async function containers({ name }: Project): Promise<ReadonlyMap<string, Container>> {
  const filter = `label=com.docker.compose.project=${name}`;
  const ids = (await docker(['ps', '--all', '--quiet', '--filter', filter])).split('\n').filter(Boolean);
  if (ids.length === 0) return new Map();
  const found = inspectSchema.parse(JSON.parse(await docker(['inspect', ...ids])));
  return new Map(found.map((each) => [each.Config.Labels['com.docker.compose.service'] ?? '', each]));
}

const answers200 = (url: string) =>
  new Promise<boolean>((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });

/** Where services without a health check of their own answer on this host. */
function readyUrl(settings: Settings, service: string): string | undefined {
  return {
    'otel-collector': `${endpoint(settings, 'collectorHealth')}/`,
    tempo: `${endpoint(settings, 'tempo')}/ready`,
    loki: `${endpoint(settings, 'loki')}/ready`,
  }[service];
}

/** Whether a service does what it is there for: healthy, or ended well where it is to end. */
export async function isHealthy(
  project: Project,
  service: string,
  container: Container | undefined,
): Promise<boolean> {
  if (!container) return false;
  const { State } = container;
  if (State.Status === 'exited') return State.ExitCode === 0 && container.RestartCount === 0;
  if (State.Status !== 'running') return false;
  if (State.Health) return State.Health.Status === 'healthy';
  const url = readyUrl(project.settings, service);
  return url !== undefined && answers200(url);
}

/**
 * Waits until every service is healthy.
 *
 * @returns seconds from `startedMs` by service.
 * @throws Error naming those that were not after `timeoutMs`.
 */
export async function whenHealthy(
  project: Project,
  options: { readonly startedMs: number; readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<ReadonlyMap<string, number>> {
  const { startedMs, timeoutMs, signal } = options;
  const names = services(project).map(([name]) => name);
  const seconds = new Map<string, number>();
  while (seconds.size < names.length) {
    signal?.throwIfAborted();
    const found = await containers(project).catch(() => new Map<string, Container>());
    for (const name of names) {
      if (seconds.has(name)) continue;
      if (await isHealthy(project, name, found.get(name))) seconds.set(name, (Date.now() - startedMs) / 1000);
    }
    if (seconds.size === names.length) break;
    if (Date.now() - startedMs > timeoutMs) {
      const states = names
        .filter((name) => !seconds.has(name))
        .map((name) => `${name} (${JSON.stringify(found.get(name)?.State ?? 'no container')})`);
      throw new Error(`not healthy after ${timeoutMs / 1000} s: ${states.join(', ')}`);
    }
    await sleep(500);
  }
  return seconds;
}

/** Bytes in use by service, without the page cache, as `docker stats` tells. */
export async function memoryInUse(project: Project): Promise<ReadonlyMap<string, number>> {
  const found = await containers(project);
  const running = [...found].filter(([, { State }]) => State.Status === 'running');
  const lines = await docker([
    ...['stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}'],
    ...running.map(([, { Name }]) => Name.slice(1)),
  ]);
  const units: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
  const bytes = new Map(
    lines.split('\n').flatMap((line) => {
      const [, name = '', amount = '', unit = ''] = /^(\S+) ([\d.]+)([KMG]?i?B)/.exec(line) ?? [];
      return name ? [[name, Number(amount) * (units[unit] ?? Number.NaN)] as const] : [];
    }),
  );
  return new Map(running.map(([service, { Name }]) => [service, bytes.get(Name.slice(1)) ?? Number.NaN]));
}
