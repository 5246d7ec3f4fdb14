import { spawn } from 'node:child_process';
import { mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FULFILLMENT_INSTANCES } from '@aiops-sre/conventions/services.ts';
import type { Ports } from '@aiops-sre/service-kit/platform/ports.ts';
import { execa } from 'execa';
import { importHistory } from '../backfill/import.ts';
import { endLeftOverDeployment } from '../deploy/left-over.ts';
import { guardedBackend } from '../guard/backends.ts';
import { takenInLines } from '../home/take-in.ts';
import type { Progress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { probe, probedUrls } from '../status/probe.ts';
import { provideBinaries } from './binaries/provide.ts';
import { recipes } from './binaries/recipes.ts';
import { createReleaseFetcher } from './binaries/released.ts';
import { readSecret, writeConfiguration } from './configuration.ts';
import { findGrafana, provideGrafana } from './grafana.ts';
import { type Layout, layout as layoutOf } from './layout.ts';
import { portsInUse } from './ports-in-use.ts';
import { layOutPostgres, requirePostgres } from './postgres.ts';
import { NODE_FLAGS, smallProcess } from './processes/node-flags.ts';
import { processSpecs } from './processes.ts';
import { stopNative } from './stop.ts';
import { SupervisorClient } from './supervisor/client.ts';
import type { SupervisorSpec } from './supervisor/process-spec.ts';
import { takeInNative } from './take-in.ts';
import { validateConfiguration } from './validate-configuration.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const READY_TIMEOUT_MS = 120_000;
const PROBE_TIMEOUT_MS = 60_000;

export interface NativeStart {
  readonly settings: Settings;
  /** Environment of `npm start`. */
  readonly environment: NodeJS.ProcessEnv;
  readonly history: boolean;
  readonly traffic: boolean;
  readonly demo: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function checkoutRevision(root: string): Promise<string> {
  const result = await execa('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    reject: false,
    timeout: 5_000,
  });
  return result.failed ? 'unknown' : result.stdout.trim();
}

/** Ports that only the demo application listens on. */
const DEMO_PORTS: readonly string[] = [
  'storefront',
  'storefront-canary',
  'identity',
  'checkout',
  'payments',
  'traffic',
  'postgres',
  ...FULFILLMENT_INSTANCES.map(({ instance }) => instance),
];

async function requireFreePorts(ports: Partial<Ports>): Promise<void> {
  const inUse = await portsInUse(ports);
  if (inUse.length === 0) return;
  const lines = inUse.map(
    ({ name, port, owner }) =>
      `  ${port} (${name}) is held by ${owner ?? 'something that cannot be seen: another user’s process, or an open connection'}`,
  );
  throw new Error(
    `Ports in use, nothing was started:\n${lines.join('\n')}\nEnd that process, or change the port in .env (AIOPS_PORT_OFFSET=10000 shifts them all).`,
  );
}

/** Starts the supervisor of what `layout.supervisorSpecFile` holds. */
export async function startSupervisor(settings: Settings, layout: Layout): Promise<SupervisorClient> {
  mkdirSync(layout.logDir, { recursive: true });
  const log = openSync(join(layout.logDir, 'supervisor.log'), 'a');
  spawn(
    process.execPath,
    [...NODE_FLAGS, join(settings.root, 'stack/native/supervisor/main.ts'), layout.supervisorSpecFile],
    {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: settings.root,
      env: smallProcess(settings),
    },
  ).unref();
  const client = new SupervisorClient(layout.socketPath);
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    if (await client.processes()) return client;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the supervisor did not answer within 15 s; see ${join(layout.logDir, 'supervisor.log')}`);
}

/**
 * Puts a supervisor over what a killed one left running, without ending any of it; what has ended since is started again.
 * Returns once all of it is ready.
 *
 * @returns the names of all that runs.
 */
export async function takeOverNative(
  options: Pick<NativeStart, 'settings' | 'progress' | 'signal'>,
): Promise<readonly string[]> {
  const { settings, progress, signal } = options;
  const layout = layoutOf(settings);
  const supervisor = await startSupervisor(settings, layout);
  const wanted = ((await supervisor.processes()) ?? []).filter(({ state }) => state !== 'stopped');
  const names = wanted.map(({ name }) => name);
  const { logDir } = layout;
  await waitUntilReady({ supervisor, names, logDir, timeoutMs: READY_TIMEOUT_MS, progress, signal });
  return names;
}

/**
 * Starts the platform as plain processes on this host and returns once a request was seen the whole way through; without the
 * demo, whose request that is, once everything is ready.
 * On failure or abort nothing is left running. Not to be called while something runs: {@link takeOverNative}.
 *
 * @throws GoMissingError, or Error with what stands in the way and how to mend it.
 */
export async function startNative(options: NativeStart): Promise<{ grafana: boolean }> {
  const { settings, environment, demo, progress, signal } = options;
  const layout = layoutOf(settings);
  const path = environment.PATH ?? '';
  const { grafana: grafanaPort, ...others } = settings.ports;
  const wanted: Partial<Ports> = Object.fromEntries(
    Object.entries(others).filter(([name]) => demo || !DEMO_PORTS.includes(name)),
  );
  const programs = demo ? requirePostgres(settings, layout, path) : undefined;
  const present = findGrafana(settings, path);
  await requireFreePorts(present ? { ...wanted, grafana: grafanaPort } : wanted);

  const fetcher = createReleaseFetcher({ settings, signal });
  const providing = { settings, path, progress, signal, fetcher };
  const [binaries, grafana] = await Promise.all([
    provideBinaries({ ...providing, recipes: recipes(settings.versions) }),
    provideGrafana(providing),
  ]);
  if (grafana && !present) await requireFreePorts({ grafana: grafanaPort });
  const traffic = options.traffic && demo;
  const { promtool, amtool } = binaries;
  const { content, flagsFile } = await takeInNative(settings, layout, { demo, promtool, amtool });
  for (const line of takenInLines(settings.home, content)) progress.note(line);
  writeConfiguration(settings, layout, { grafana: grafana !== undefined, traffic, demo }, content.receivers);
  const leftOver = demo ? endLeftOverDeployment(layout, layout.flagsFile) : undefined;
  if (leftOver) progress.note(leftOver);
  await validateConfiguration(settings, layout, binaries);

  if (grafana) progress.note(`Grafana: ${grafana.command}`);
  if (programs) progress.note(`PostgreSQL ${programs.version}: ${programs.folder}`);
  const processes = processSpecs({
    settings,
    layout,
    binaries,
    grafana,
    postgres: programs && layOutPostgres(settings, layout, programs),
    traffic,
    demo,
    flagsFile: demo ? layout.flagsFile : (flagsFile ?? layout.noFlagsFile),
    environment,
    revision: await checkoutRevision(settings.root),
  });
  mkdirSync(layout.runDir, { recursive: true, mode: 0o700 });
  try {
    const { socketPath, recordsFile, logDir } = layout;
    const spec: SupervisorSpec = {
      socketPath,
      recordsFile,
      logDir,
      guards: guardedBackend.options.map((backend) => ({
        backend,
        socketPath: `${layout.backendSocket(backend)}:${settings.ports[backend]}`,
        port: settings.ports[backend],
      })),
      readinessPort: settings.ports.guard,
      processes: [...processes],
    };
    rmSync(recordsFile, { force: true });
    writeFileSync(layout.supervisorSpecFile, JSON.stringify(spec, undefined, 2), { mode: 0o600 });
    const supervisor = await startSupervisor(settings, layout);
    const wait = (names: readonly string[]) =>
      waitUntilReady({ supervisor, names, logDir, timeoutMs: READY_TIMEOUT_MS, progress, signal });
    const start = async (names: readonly string[]) => {
      await Promise.all(names.map((name) => supervisor.act(name, 'start')));
      await wait(names);
    };
    const isApplication = ({ name }: { readonly name: string }) =>
      name === 'identity' || name === 'storefront' || name.startsWith('fulfillment-');
    const awaited = processes.filter(({ autostart }) => autostart);
    const names = (which: readonly { readonly name: string }[]) => which.map(({ name }) => name);
    const applicationReady = wait(names(awaited.filter(isApplication)));
    // The generated past is the demo's.
    const past =
      options.history && demo ? importHistory({ layout, binaries, progress, signal }) : Promise.resolve();
    await Promise.all([
      applicationReady,
      wait(names(awaited.filter((each) => !isApplication(each)))),
      (async () => {
        // Prometheus opens the blocks it finds when it starts, so it waits for the past; the others need not.
        await past;
        await start(['prometheus']);
        await start(['anomaly-detector']);
      })(),
      (async () => {
        // At once after the past: a pause between the two would be a drop of the traffic, and reported as one.
        await Promise.all([applicationReady, past]);
        if (traffic) await start(['traffic']);
      })(),
    ]);

    if (!demo) return { grafana: grafana !== undefined };
    const task = progress.task('a request');
    task.step('sent; waiting for its trace in Tempo and its count in Prometheus');
    const seen = await probe({
      urls: probedUrls(settings),
      timeoutMs: PROBE_TIMEOUT_MS,
      signal,
      exact: !traffic,
      probeKey: readSecret(layout, 'probe-key'),
    });
    task.done(
      `in Tempo after ${seen.inTempoSeconds.toFixed(1)} s, in Prometheus after ${seen.inPrometheusSeconds.toFixed(1)} s`,
    );
    return { grafana: grafana !== undefined };
  } catch (error) {
    await stopNative(layout);
    throw error;
  }
}
