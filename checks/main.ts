/**
 * `npm test [-- FILE...]`, where files are tests alone, and, with --stack, `npm run test:stack [-- FILE...]`. The last line counts: `N passed, N failed`.
 */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { abortOnSignal, INTERRUPTED } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { cachedBuild, GoMissingError } from '@aiops-sre/stack/native/binaries/build.ts';
import { type Binaries, provideBinaries, releasesHere } from '@aiops-sre/stack/native/binaries/provide.ts';
import { clusterRecipes, k6Recipe, recipes, testRecipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { cachedRelease } from '@aiops-sre/stack/native/binaries/released.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { command, type Outcome, onOwnStack, type Step, vitest } from './steps.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const abort = abortOnSignal();

/** Files or folders; of checks/stack such as `outage` or `page/2-dashboards`. None is all. */
const named = process.argv.slice(2).filter((each) => each !== '--stack');
const tests = vitest('unit, promtool and amtool tests', ...named);
const quick: readonly Step[] = [
  command('format and lint', 'biome', 'ci', '--error-on-warnings', '.'),
  command('types', 'tsc', '--project', '.'),
  command('no dead exports, files or dependencies', 'knip', '--no-progress'),
  command('types in the browser', 'tsc', '--project', 'incident-responder/console/browser'),
  command('generated rules are up to date', 'node', 'slo/main.ts', 'check'),
  command(
    'generated configuration for exposure is up to date',
    'node',
    'stack/exposure/generate.ts',
    '--check',
  ),
  command('configuration past one machine is up to date', 'node', 'stack/scale/generate.ts', '--check'),
  command('generated dashboards are up to date', 'node', 'grafana/generate.ts', '--check'),
  command('the chart of Kubernetes is up to date', 'node', 'stack/kubernetes/chart/generate.ts', '--check'),
  command('pictures are up to date', 'node', 'checks/pictures/generate.ts', '--check'),
  tests,
];
/**
 * Folders of checks/stack, each on a stack of its own, and with what that is started. Three stacks go side by side: they mostly
 * wait, and break different things. What is in a row takes turns.
 */
const STACK_ROWS: readonly Readonly<Record<string, readonly string[]>>[] = [
  { anomaly: [] },
  { page: [], deploy: [] },
  { outage: [], examples: ['--no-demo', '--no-history'] },
];

function stackSteps([folder, startArguments]: readonly [string, readonly string[]]): readonly Step[] {
  const files = named.length === 0 ? [folder] : named.filter((each) => each.split('/')[0] === folder);
  const filters = files.map((file) => `stack/${file}`);
  return filters.length === 0
    ? []
    : [onOwnStack(vitest(folder, '--config', 'checks/stack/vitest.config.ts', ...filters), startArguments)];
}

/** Environment variables by which tests find the real binaries. */
const BINARY_VARIABLES = {
  PROMTOOL: 'promtool',
  PROMETHEUS: 'prometheus',
  AMTOOL: 'amtool',
  ALERTMANAGER: 'alertmanager',
  DOCKER_COMPOSE: 'docker-compose',
  LOKI: 'loki',
  TEMPO: 'tempo',
  OTELCOL: 'otelcol',
  OTELCOL_K8S: 'otelcol-k8s',
  CADDY: 'caddy',
  ACTIONLINT: 'actionlint',
  K6: 'k6',
} as const;

async function testBinaries(): Promise<Binaries> {
  const settings = readSettings(root, process.env);
  // Loki, Tempo, the Collectors and k6 take minutes to build and their tests are few: they run once `npm start`, `npm run load` or
  // `npm run test:scale` has them.
  const released = releasesHere(settings);
  const { versions } = settings;
  const wanted = [...recipes(versions), k6Recipe(versions), ...clusterRecipes(versions)].filter(
    (recipe) =>
      recipe.name === 'prometheus' ||
      recipe.name === 'alertmanager' ||
      (['loki', 'tempo', 'otel-collector', 'otelcol-k8s', 'k6'].includes(recipe.name) &&
        (cachedBuild(settings, recipe) ?? cachedRelease(settings, released.get(recipe.name)))),
  );
  try {
    return await provideBinaries({
      settings,
      recipes: [...wanted, ...testRecipes(settings.versions)],
      path: process.env.PATH ?? '',
      progress: new Progress((line) => print(line)),
      signal: abort.signal,
    });
  } catch (error) {
    if (!(error instanceof GoMissingError)) throw error;
    print(`Tests of rules and routes are skipped: ${error.message}, so promtool and amtool cannot be built.`);
    return {};
  }
}

const isStack = process.argv.includes('--stack');
const binaries = isStack ? {} : await testBinaries();
// Colours are for a terminal, not for a log.
const colours: Record<string, string> = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
const found = Object.fromEntries(
  Object.entries(BINARY_VARIABLES).flatMap(([variable, name]) => {
    const file = binaries[name];
    return file ? [[variable, file]] : [];
  }),
);

const table = plainTable(['check', 'passed', 'failed', 'skipped', 'seconds']);
const total = { passed: 0, failed: 0, skipped: 0 };
const failedSteps: string[] = [];
async function check(step: Step, prefix?: string): Promise<void> {
  if (prefix === undefined) print(`\n--- ${step.name}`);
  const startedMs = Date.now();
  const environment = { ...found, ...colours };
  const outcome: Outcome = await step.run({
    root,
    environment,
    signal: abort.signal,
    ...(prefix !== undefined && { prefix }),
  });
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += outcome[key];
  if (outcome.failed > 0) failedSteps.push(step.name);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  table.push([step.name, ...[outcome.passed, outcome.failed, outcome.skipped].map(String), seconds]);
}

if (isStack)
  await Promise.all(
    STACK_ROWS.map(async (row) => {
      for (const step of Object.entries(row).flatMap(stackSteps)) await check(step, step.name);
    }),
  );
else
  for (const step of named.length > 0 ? [tests] : quick) {
    await check(step);
    if (abort.signal.aborted) break;
  }
if (abort.signal.aborted) process.exit(INTERRUPTED);
print(`\n${table.toString()}\n`);
// .ci/run runs these once more.
if (isStack) for (const name of failedSteps) print(`STACK FAILED ${name}`);
print(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
