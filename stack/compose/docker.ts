import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { stableVersion } from '../deploy/storefront-version.ts';
import { layout } from '../native/layout.ts';
import type { Settings } from '../settings.ts';
import { readState } from '../state.ts';
import { pulledServices, readComposeFile } from './compose-file.ts';
import { composePorts } from './environment.ts';

export type ComposeAvailability =
  | { readonly available: true }
  | { readonly available: false; readonly why: string };

const ANSWER_TIMEOUT_MS = 10_000;
const PULL_TIMEOUT_MS = 15 * 60_000;

function firstLine(text: unknown): string {
  return (
    String(text ?? '')
      .trim()
      .split('\n')
      .at(0) ?? ''
  );
}

/**
 * Whether Docker Compose can run the platform: an engine answers, it has the Compose plugin, and every image that is
 * not built here is present or can be pulled.
 */
export async function composeAvailability(
  settings: Settings,
  signal: AbortSignal,
): Promise<ComposeAvailability> {
  const docker = (args: readonly string[], timeout: number) =>
    execa('docker', args, {
      cwd: settings.root,
      env: composePorts(settings),
      timeout,
      reject: false,
      cancelSignal: signal,
    });
  const no = (why: string): ComposeAvailability => ({ available: false, why });

  const engine = await docker(['version', '--format', '{{.Server.Version}}'], ANSWER_TIMEOUT_MS);
  if (engine.failed) {
    return no(engine.code === 'ENOENT' ? 'there is no docker command' : 'no Docker engine answers');
  }
  const plugin = await docker(['compose', 'version', '--short'], ANSWER_TIMEOUT_MS);
  if (plugin.failed) return no('docker has no compose plugin');
  const active = await docker(['compose', 'config', '--services'], ANSWER_TIMEOUT_MS);
  if (active.failed) return no(`docker-compose.yml: ${firstLine(active.stderr)}`);
  const services = pulledServices(readComposeFile(settings.root), active.stdout.split('\n').filter(Boolean));
  const pull = await docker(
    ['compose', 'pull', '--policy', 'missing', '--quiet', ...services],
    PULL_TIMEOUT_MS,
  );
  if (pull.failed) return no(`its images cannot be had: ${firstLine(pull.stderr)}`);
  return { available: true };
}

/** Starts all services and returns once Compose calls them healthy; its own progress goes to the terminal. */
export async function composeUp(
  settings: Settings,
  options: { traffic: boolean; history: boolean; demo: boolean },
  signal: AbortSignal,
) {
  const scale = options.traffic || !options.demo ? [] : ['--scale', 'traffic=0'];
  // Docker would make it for root.
  await mkdir(settings.home, { recursive: true });
  await execa(
    'docker',
    ['compose', 'up', '--detach', '--build', '--wait', '--wait-timeout', '300', ...scale],
    {
      cwd: settings.root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...composePorts(settings),
        ...(options.demo ? {} : { COMPOSE_PROFILES: profilesWithoutDemo(settings) }),
        STOREFRONT_RELEASE: stableVersion(settings),
        HISTORY: options.history ? 'on' : 'off',
        LEFT_OUT: options.traffic ? '' : 'traffic',
      },
      cancelSignal: signal,
    },
  );
}

/** Profiles by which what runs was started. */
export const profilesOf = (services: readonly string[]) => [
  ...(services.includes('storefront') ? ['demo'] : []),
  ...['traffic', 'grafana'].filter((name) => services.includes(name)),
];

/** The profiles that are on, but for the demo's. */
const profilesWithoutDemo = ({ profiles }: Settings) =>
  profiles.filter((name) => name !== 'demo' && name !== 'traffic').join(',');

/**
 * Has the running services take the home folder in.
 *
 * @param services that run: what was left out at the start stays so.
 * @returns what there is to say, a line each.
 */
export async function composeTakeIn(
  settings: Settings,
  services: readonly string[],
): Promise<readonly string[]> {
  const docker = (...args: readonly string[]) =>
    execa('docker', ['compose', ...args], {
      cwd: settings.root,
      env: { ...composePorts(settings), COMPOSE_PROFILES: profilesOf(services).join(',') },
    });
  const { stdout } = await docker('run', '--rm', '--no-TTY', '-e', 'HISTORY=off', 'prepare');
  const changed = new Set(/^taken in anew: (.*)$/m.exec(stdout)?.[1]?.split(', ') ?? []);
  await readConfigurationAgain(settings, ['prometheus', 'alertmanager']);
  const anew = [
    ...(changed.has('anomalyRules') ? ['anomaly-detector'] : []),
    ...(changed.has('actions') ? ['incident-responder'] : []),
  ];
  if (anew.length > 0) await docker('restart', ...anew);
  return [
    ...stdout.split('\n').filter((line) => /^(Home | {2})/.test(line)),
    ...anew.map((name) => `  ${name} starts anew`),
  ];
}

/**
 * Sends SIGHUP to what knows it, from inside: of a container that got any signal of `docker kill` the engine believes that it was
 * stopped on purpose, and does not start it again after a crash.
 */
export async function readConfigurationAgain(
  settings: Settings,
  services: readonly ('prometheus' | 'alertmanager')[],
): Promise<void> {
  await Promise.all(
    services.map((service) =>
      execa('docker', ['compose', 'exec', '--no-TTY', service, 'kill', '-HUP', '1'], {
        cwd: settings.root,
        env: composePorts(settings),
      }),
    ),
  );
}

/** Ends all services, those of profiles that are off by now too, such as the canary of a deployment; volumes stay unless `volumes`. */
export async function composeDown(settings: Settings, options: { volumes: boolean }): Promise<void> {
  await execa('docker', ['compose', '--profile', '*', 'down', ...(options.volumes ? ['--volumes'] : [])], {
    cwd: settings.root,
    env: composePorts(settings),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Names of the services that run; empty where none does or no engine answers. */
export async function composeServices(settings: Settings): Promise<readonly string[]> {
  const result = await execa('docker', ['compose', 'ps', '--services', '--status', 'running'], {
    cwd: settings.root,
    env: composePorts(settings),
    reject: false,
    timeout: ANSWER_TIMEOUT_MS,
  });
  return result.failed ? [] : result.stdout.split('\n').filter(Boolean);
}

/**
 * Services that run here by Compose, also where `docker compose up` started them by itself: then nothing is written down, and
 * only a stack with the checkout's own data folder is taken for it. Docker is not asked after a start of another engine.
 */
export async function composeServicesHere(settings: Settings): Promise<readonly string[]> {
  const { engine } = readState(layout(settings).stateFile) ?? {};
  const isHere =
    engine === 'compose' || (engine === undefined && settings.dataDir === join(settings.root, '.data'));
  return isHere ? await composeServices(settings) : [];
}
