/**
 * `npm run test:scale [-- --engines Thanos,Loki,Tempo,Collector,Gateway] [--rate 200] [--seconds 45]`: the engines of docker-compose.scale.yml without Docker, one
 * after the other, each with kill -9 of one of its replicas under load; everything that was acknowledged is looked for afterwards.
 * With Thanos the page of an SLO, whose rules thanos-rule runs, against Prometheus' own. Linux alone: it needs addresses of the loopback.
 * The last line counts: `N passed, N failed`.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { wholeNumber } from '@aiops-sre/stack/commands/whole-number.ts';
import { readComposeFile, SCALED } from '@aiops-sre/stack/compose/compose-file.ts';
import { objectStorageFiles } from '@aiops-sre/stack/compose/prepare/object-storage.ts';
import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { clusterRecipes, recipes, scaleRecipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { Command, InvalidArgumentError } from 'commander';
import { collector, gateway } from './engines/collector.ts';
import { loki } from './engines/loki.ts';
import { tempo } from './engines/tempo.ts';
import { thanos } from './engines/thanos.ts';
import { type NativeServices, nativeServices } from './native-services.ts';
import { kept, type OneEngine, oneEngine } from './one-engine.ts';
import { lossTable } from './report.ts';
import { type SloStep, sloStep, sloStepPassed, sloStepTable } from './slo-step.ts';

const ENGINES = [thanos, loki, tempo, collector, gateway];
/** One engine with all that follows. */
const LIMIT_MS = 6 * 60_000;
const ONLY_OF_THIS_RUN = 'only-of-this-run';

const known = (text: string) =>
  text.split(',').map((name) => {
    const engine = ENGINES.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (engine) return engine;
    throw new InvalidArgumentError(
      `there is no ${name}; possible: ${ENGINES.map((each) => each.name).join(', ')}`,
    );
  });
const { engines, rate, seconds } = new Command('npm run test:scale --')
  .option('--engines <names>', 'which, separated by commas', known, ENGINES)
  .option('--rate <number>', 'records a second', wholeNumber, 200)
  .option('--seconds <number>', 'under load, beside the time the replica is gone', wholeNumber, 30)
  .parse()
  .opts<{ engines: typeof ENGINES; rate: number; seconds: number }>();

const root = join(import.meta.dirname, '..', '..');
const abort = abortOnSignal();
const settings = readSettings(root, process.env);
const binaries = await provideBinaries({
  settings,
  recipes: [
    ...[...recipes(settings.versions), ...clusterRecipes(settings.versions)].filter(({ name }) =>
      ['loki', 'tempo', 'prometheus', 'otel-collector', 'otelcol-k8s'].includes(name),
    ),
    ...scaleRecipes(settings.versions),
  ],
  path: process.env.PATH ?? '',
  progress: new Progress((line) => print(line)),
  signal: abort.signal,
});

const images = {
  'quay.io/thanos/thanos': binaries.thanos ?? '',
  'chrislusf/seaweedfs': binaries.weed ?? '',
  'grafana/loki': binaries.loki ?? '',
  'grafana/tempo': binaries.tempo ?? '',
  'prom/prometheus': binaries.prometheus ?? '',
  'otel/opentelemetry-collector-contrib': binaries.otelcol ?? '',
  'otel/opentelemetry-collector-k8s': binaries['otelcol-k8s'] ?? '',
};

/** What the service prepare makes in Compose. */
function prepared(folder: string): Readonly<Record<string, string>> {
  const secrets = {
    ...objectStorageFiles(ONLY_OF_THIS_RUN),
    'alertmanager-password': ONLY_OF_THIS_RUN,
    'otlp-key': ONLY_OF_THIS_RUN,
    'database.yaml': '{}\n',
  };
  for (const [name, content] of Object.entries(secrets)) writeFileSync(join(folder, name), content);
  const targets = join(folder, 'targets');
  mkdirSync(targets);
  return {
    'objects-secrets': folder,
    'alerting-secrets': folder,
    'telemetry-secrets': folder,
    'collector-config': folder,
    targets,
    rules: join(root, 'prometheus', 'rules'),
  };
}

/** The page of an SLO at thanos-rule, and at a Prometheus with the same rules beside it. */
async function pageOf(
  services: NativeServices,
  volumes: Readonly<Record<string, string>>,
  signal: AbortSignal,
) {
  await using single = nativeServices({
    root,
    file: readComposeFile(root),
    network: '127.0.2',
    binaries: images,
    volumes,
    moreArguments: { prometheus: ['--web.enable-otlp-receiver', '--web.listen-address=0.0.0.0:9090'] },
  });
  await single.start(['prometheus'], signal);
  return await sloStep({
    prometheus: single.url('prometheus', 9090),
    receive: services.url('thanos-receive', 19291),
    query: services.url('thanos-query', 10902),
    signal,
  });
}

const results: OneEngine[] = [];
let step: SloStep | undefined;
const problems: string[] = [];
for (const engine of engines) {
  if (abort.signal.aborted) break;
  const folder = mkdtempSync(join(tmpdir(), 'scale-prepared-'));
  const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const volumes = prepared(folder);
    await using services = nativeServices({
      root,
      file: readComposeFile(root, SCALED),
      network: '127.0.1',
      binaries: images,
      volumes,
    });
    const startedMs = performance.now();
    for (const names of engine.services) await services.start(names, signal);
    const readySeconds = (performance.now() - startedMs) / 1000;
    print(
      `${engine.name}: ${engine.services.flat().length} processes are ready after ${readySeconds.toFixed(0)} s`,
    );
    if (engine === thanos) {
      step = await pageOf(services, volumes, signal);
      print(`Thanos: page ${step.rulerSeconds.toFixed(1)} s after the step`);
    }
    const result = await oneEngine({ engine, services, requestsPerSecond: rate, seconds, signal });
    results.push(result);
    print(
      `${engine.name}: ${result.acknowledged} acknowledged at ${result.requestsPerSecond.toFixed(0)} a second, ${result.found} found after kill -9 of ${result.killed}`,
    );
  } catch (error) {
    problems.push(`${engine.name}: ${(error as Error).message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const verdicts = [...results.map(kept), ...(step ? [sloStepPassed(step)] : [])];
const passed = verdicts.filter(Boolean).length;
const failed = verdicts.length - passed + problems.length;
print(`\n${lossTable(results)}\n`);
if (step) print(`${sloStepTable(step)}\n`);
for (const problem of problems) print(problem);
print(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
