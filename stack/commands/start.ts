import { join, relative } from 'node:path';
import { composeServicesHere, composeUp } from '../compose/docker.ts';
import { flagsFileOf } from '../deploy/flags-file.ts';
import { endLeftOverDeployment } from '../deploy/left-over.ts';
import { chooseEngine, type Engine, WAYS_TO_AN_ENGINE } from '../engine.ts';
import { applyHome } from '../home/apply.ts';
import { isForwarded, startKubernetes } from '../kubernetes/start.ts';
import { GoMissingError } from '../native/binaries/build.ts';
import { type Layout, layout as layoutOf } from '../native/layout.ts';
import { startNative, takeOverNative } from '../native/start.ts';
import { nativeStatus } from '../native/status.ts';
import { stopNative } from '../native/stop.ts';
import { unwatchedProcesses } from '../native/supervisor/process-records.ts';
import { Progress } from '../progress.ts';
import { readState, writeState } from '../state.ts';
import { probe, probedUrls } from '../status/probe.ts';
import { welcome } from '../welcome.ts';
import type { CommandContext } from './context.ts';

const PROBE_TIMEOUT_MS = 90_000;

export interface StartOptions {
  readonly engine?: Engine | 'kubernetes';
  /** Of the Kubernetes engine: kubectl's context, the namespace, files of Helm values. */
  readonly context?: string;
  readonly namespace?: string;
  readonly values: readonly string[];
  readonly history: boolean;
  readonly traffic: boolean;
  /** Undefined: as at the last start, with it at the first. */
  readonly demo?: boolean;
  readonly foreground: boolean;
}

async function alreadyRunning(context: CommandContext): Promise<Engine | 'kubernetes' | undefined> {
  const { settings } = context;
  const layout = layoutOf(settings);
  if (await nativeStatus(layout)) return 'native';
  if (await isForwarded(context)) return 'kubernetes';
  if ((await composeServicesHere(settings)).length > 0) return 'compose';
  return undefined;
}

/** Resolves when Ctrl-C was pressed. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // An AbortSignal alone keeps no process alive.
    const keepAlive = setInterval(() => {}, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(keepAlive);
      resolve();
    });
  });
}

export async function start(context: CommandContext, options: StartOptions): Promise<void> {
  const { settings, environment, signal, write } = context;
  const startedMs = Date.now();
  const layout = layoutOf(settings);
  const unwatched = unwatchedProcesses(layout.recordsFile);
  if (unwatched.length > 0) {
    write(`${unwatched.length} processes run, and their supervisor is gone. Taking them over as they are.`);
    const names = await takeOverNative({ settings, progress: new Progress(write), signal });
    write(
      `${names.length} processes are watched again. npm run status tells how they are, npm stop ends them.`,
    );
    if (options.foreground) await inForeground(context, layout);
    return;
  }
  const running = await alreadyRunning(context);
  const before = readState(layout.stateFile)?.demo ?? true;
  if (running) {
    write(`Already running on the ${running} engine. npm run status tells how it is, npm stop ends it.`);
    await applyHome(context);
    if (options.demo !== undefined && options.demo !== before)
      write(`It runs ${before ? 'with' : 'without'} the demo: npm stop first, then start it the other way.`);
    return;
  }
  if (options.engine === 'kubernetes') return await startKubernetes(context, options);
  const demo = options.demo ?? before;
  const asked = options.engine;
  const { engine, why } = await chooseEngine({ settings, asked, path: environment.PATH ?? '', signal });
  write(`Engine: ${engine} (${why})${demo ? '' : ', without the demo'}.`);
  let grafana = true;
  if (engine === 'native') {
    const progress = new Progress(write);
    const { history, traffic } = options;
    const started = await startNative({
      settings,
      environment,
      history,
      traffic,
      demo,
      progress,
      signal,
    }).catch((error) => {
      if (!(error instanceof GoMissingError)) throw error;
      throw new Error(`The platform cannot be started: ${why}, and ${error.message}\n${WAYS_TO_AN_ENGINE}`, {
        cause: error,
      });
    });
    grafana = started.grafana;
  } else {
    const leftOver = demo ? endLeftOverDeployment(layout, flagsFileOf(settings, engine)) : undefined;
    if (leftOver) write(leftOver);
    await composeUp(settings, { ...options, demo }, signal);
    if (demo)
      await probe({
        urls: probedUrls(settings),
        timeoutMs: PROBE_TIMEOUT_MS,
        signal,
        exact: !options.traffic,
      });
  }
  await writeState(layout.stateFile, { engine, startedAt: new Date().toISOString(), demo });
  write(`\nReady after ${Math.round((Date.now() - startedMs) / 1000)} s.\n`);
  const secret = (name: string) => relative(settings.root, join(layout.secretsDir, name));
  write(
    welcome(
      settings,
      engine === 'native'
        ? {
            grafanaPassword: grafana ? `in ${secret('grafana-password')}` : undefined,
            alertmanagerPassword: `in ${secret('alertmanager-password')}`,
            adminToken: `$(cat ${secret('admin-token')})`,
            operatorToken: `in ${secret('operator-token')}`,
            demo,
          }
        : {
            grafanaPassword: 'from docker compose run --rm prepare show',
            alertmanagerPassword: 'from docker compose run --rm prepare show',
            adminToken: `$(docker compose exec storefront node -p "fs.readFileSync(process.env.ADMIN_TOKEN_FILE, 'utf8')")`,
            operatorToken: 'from docker compose run --rm prepare show',
            demo,
          },
    ),
  );
  if (options.foreground && engine === 'native') await inForeground(context, layout);
}

async function inForeground({ signal, write }: CommandContext, layout: Layout): Promise<void> {
  write('\nRunning in the foreground: Ctrl-C stops everything.');
  await aborted(signal);
  await stopNative(layout);
}
