/**
 * `npm run test:compose [-- FILE...]`: docker compose up -d --build on a clean copy of the checkout, and what has to hold then.
 * Images are pulled where they are missing; COMPOSE_PROFILES says which parts to leave out, as for Compose itself.
 * With names of test files, or parts of them, only those are run once all is up.
 * The last line counts: `N passed, N failed`. Exits with 77 where no Docker engine answers.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { abortOnSignal, INTERRUPTED } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { pulledServices, readComposeFile } from '@aiops-sre/stack/compose/compose-file.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { withReservedPortOffset } from '@aiops-sre/stack/testing/reserved-port-offset.ts';
import { inTurnToStart } from '@aiops-sre/stack/testing/turn-to-start.ts';
import { ExecaError } from 'execa';
import { type Outcome, vitest } from '../steps.ts';
import { copyCheckout } from './checkout-copy.ts';
import { docker, engineVersion } from './docker.ts';
import { compose, type Project, services, takeDown, whenHealthy } from './project.ts';
import { describeProject, PROJECT_VARIABLE } from './project-under-test.ts';
import { serviceTable } from './service-table.ts';

/** Automake's "skipped", which .ci/run tells from a failure. */
const NOT_RUN_HERE = 77;
const HEALTHY_WITHIN_MS = 240_000;
/** k6's exit code for a crossed threshold. */
const OBJECTIVE_MISSED = 99;
const LAST_LINES = 8;
const IMAGE_BUDGET_BYTES = 200e6;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const write = (text: string) => print(text);
/** Test files in the order they are run in, by what they are for. */
const FILES = {
  'signals and dashboards': ['1-signals', '2-dashboards'],
  'a version, brought out and taken back': ['deploy.compose'],
  page: ['page.compose'],
  hardening: ['hardening.compose'],
  'other projects': ['other-project'],
  'kills of what no page needs': ['kill-aside'],
  'kills, restart, down and up': ['kill-and-restart'],
} as const;
const only = process.argv.slice(2);
const isNamed = (file: string) => only.some((each) => each.includes(file) || file.includes(each));
const isAsked = (file: string) => only.length === 0 || isNamed(file);
const abort = abortOnSignal();
const { signal } = abort;

/** Compose's own variable, which wins over `.env`. */
const profiles = (
  process.env.COMPOSE_PROFILES ??
  parseEnv(readFileSync(join(root, '.env'), 'utf8')).COMPOSE_PROFILES ??
  ''
).split(',');

const table = plainTable(['check', 'passed', 'failed', 'skipped', 'seconds']);
const total = { passed: 0, failed: 0, skipped: 0 };

async function count(name: string, run: () => Promise<Outcome>): Promise<void> {
  signal.throwIfAborted();
  write(`\n--- ${name}`);
  const startedMs = Date.now();
  const outcome = await run().catch((error: Error): Outcome => {
    if (signal.aborted) throw error;
    printError(shortened(error));
    return { passed: 0, failed: 1, skipped: 0 };
  });
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += outcome[key];
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
  table.push([name, ...[outcome.passed, outcome.failed, outcome.skipped].map(String), seconds]);
}

/** Of a failed command its last lines, where the reason is. */
function shortened(error: Error): string {
  if (!(error instanceof ExecaError)) return error.message;
  const lines = String(error.stderr).trim().split('\n').slice(-LAST_LINES);
  return [error.shortMessage, ...lines].join('\n');
}

const passed: Outcome = { passed: 1, failed: 0, skipped: 0 };

/** The sizes of the images of ours. @throws Error naming those beyond 200 MB. */
async function checkSizes(project: Project): Promise<Outcome> {
  const images = new Set(
    services(project).flatMap(([, { image, build }]) => (image && build ? [image] : [])),
  );
  const tooLarge: string[] = [];
  for (const image of images) {
    const bytes = Number(await docker(['image', 'inspect', '--format', '{{.Size}}', image]));
    const text = `${image}: ${Math.round(bytes / 1e6)} MB`;
    write(text);
    if (bytes > IMAGE_BUDGET_BYTES) tooLarge.push(text);
  }
  if (tooLarge.length > 0) throw new Error(`larger than 200 MB: ${tooLarge.join(', ')}`);
  return passed;
}

/** A short load by k6. Only that it runs: on a busy machine the SLOs may be missed, which is exit code 99. */
async function checkLoad(project: Project): Promise<Outcome> {
  const run = ['run', '--rm', '--no-deps', '--env', 'LOAD_SECONDS=5', 'k6'];
  const report = await compose({ ...project, profiles: [...project.profiles, 'k6'] }, ...run).catch(
    (error: unknown) => {
      if (error instanceof ExecaError && error.exitCode === OBJECTIVE_MISSED) return String(error.stdout);
      throw error;
    },
  );
  write(report);
  if (!/^fast .*\n^slow /m.test(report)) throw new Error('k6 ended without its report');
  return passed;
}

/** Pulls, builds and starts. @returns seconds until each service was healthy; undefined where they are not. */
async function start(project: Project): Promise<ReadonlyMap<string, number> | undefined> {
  const withLoad = { ...project, profiles: [...profiles, 'k6'] };
  const names = services(withLoad).map(([name]) => name);
  const pulled = pulledServices(readComposeFile(project.folder), names);
  await compose(withLoad, 'pull', '--policy', 'missing', '--quiet', ...pulled);
  await count('docker compose build', () => compose(project, 'build').then(() => passed));
  await count('images of ours are small', () => checkSizes(project));
  let healthy: ReadonlyMap<string, number> | undefined;
  await count('docker compose up -d --build, until every service is healthy', async () => {
    const startedMs = Date.now();
    const upped = compose(project, 'up', '-d', '--build');
    [healthy] = await Promise.all([
      whenHealthy(project, { startedMs, timeoutMs: HEALTHY_WITHIN_MS, signal }),
      upped,
    ]);
    return passed;
  });
  if (!healthy) write(await compose(project, 'logs', '--tail', '5'));
  return healthy;
}

async function test(project: Project, dataDir: string, healthy: ReadonlyMap<string, number>): Promise<void> {
  mkdirSync(join(dataDir, 'secrets'), { recursive: true });
  const readToken = "fs.readFileSync(process.env.ADMIN_TOKEN_FILE, 'utf8')";
  const token = await compose(project, 'exec', '-T', 'storefront', 'node', '-p', readToken);
  writeFileSync(join(dataDir, 'secrets', 'admin-token'), token, { mode: 0o600 });
  const environment = {
    AIOPS_PORT_OFFSET: String(project.portOffset),
    AIOPS_DATA_DIR: dataDir,
    [PROJECT_VARIABLE]: describeProject(project),
    ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
  };
  const tests = async (name: keyof typeof FILES) => {
    const asked = FILES[name].filter(isAsked);
    if (asked.length === 0) return;
    const args = ['--config', 'checks/compose/vitest.config.ts', '--no-file-parallelism', ...asked];
    await count(name, () => vitest(name, ...args).run({ root, environment, signal }));
  };

  if (only.length === 0) await count('docker compose run k6', () => checkLoad(project));
  await tests('signals and dashboards');
  write(`\n${await serviceTable(project, healthy)}`);
  await tests('a version, brought out and taken back');
  // Waiting for a page and its end is most of the time. What a kill does, the look at each process must not see.
  await Promise.all([
    tests('page'),
    (async () => {
      await tests('hardening');
      await tests('other projects');
      await tests('kills of what no page needs');
    })(),
  ]);
  await tests('kills, restart, down and up');
}

/** Everything, from the images to the last `down`. */
async function prove(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'compose-proof-'));
  const folder = join(work, 'checkout');
  await copyCheckout(root, folder);
  if (!profiles.includes('grafana'))
    write(`Left out: grafana, as COMPOSE_PROFILES is ${profiles.join(',')}.`);
  const run = async (portOffset: number) => {
    const settings = readSettings(root, { ...process.env, AIOPS_PORT_OFFSET: String(portOffset) });
    const name = `aiops-compose-proof-${portOffset}`;
    const project: Project = { folder, name, portOffset, settings, profiles };
    try {
      const healthy = await inTurnToStart(signal, () => start(project));
      if (healthy) await test(project, join(work, 'data'), healthy);
    } finally {
      await takeDown(project, '--volumes', '--remove-orphans', '--timeout', '5').catch((error: Error) =>
        printError(error.message),
      );
    }
  };
  try {
    const asked = process.env.AIOPS_PORT_OFFSET;
    await withReservedPortOffset(root, run, asked ? [Number(asked)] : undefined);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (only.length > 0 && !Object.values(FILES).flat().some(isNamed)) {
  printError(`There is no test file ${only.join(', ')}; possible: ${Object.values(FILES).flat().join(', ')}`);
  process.exit(2);
}
const engine = await engineVersion();
if (!engine) {
  write('npm run test:compose is not run here: no Docker engine answers');
  process.exit(NOT_RUN_HERE);
}
write(`Docker engine ${engine}.`);
try {
  await prove();
} catch (error) {
  if (signal.aborted) process.exit(INTERRUPTED);
  printError(error instanceof Error ? shortened(error) : error);
  total.failed += 1;
}
write(`\n${table.toString()}\n`);
write(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed > 0 ? 1 : 0;
