/**
 * `node bootstrap.mjs .ci/docker/main.ts COMMAND...`: runs the command with a Docker engine that has the images of
 * docker-compose.yml, on a machine that may have neither: an engine is installed and started where none answers, and
 * images that no registry gives are made of what packages give. Afterwards the engine is ended.
 * Exits as the command does, or with 77 where no engine can be had.
 */

import { join, resolve } from 'node:path';
import { docker } from '@aiops-sre/checks/compose/docker.ts';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { GoMissingError } from '@aiops-sre/stack/native/binaries/build.ts';
import { type Binaries, provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { composeRecipe, k6Recipe, recipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { execa } from 'execa';
import { type Engine, NoEngineError, withEngine } from './engine.ts';
import { grafanaImage, provideImages } from './images.ts';

/** Automake's "skipped". */
const NOT_RUN_HERE = 77;
/** The command ends its own containers first. */
const END_WITHIN_MS = 80_000;

const root = resolve(import.meta.dirname, '..', '..');
const settings = readSettings(root, process.env);
const write = (text: string) => print(text);
const { signal } = abortOnSignal();
const progress = new Progress(write);
const provide = (wanted: Parameters<typeof provideBinaries>[0]['recipes']) =>
  provideBinaries({ settings, recipes: wanted, path: process.env.PATH ?? '', progress, signal });

async function runOn(engine: Engine, command: string, args: readonly string[]): Promise<number> {
  let binaries: Promise<Binaries> | undefined;
  const { origins, built } = await provideImages({
    engine,
    settings,
    signal,
    write,
    binaries: () => {
      binaries ??= provide([...recipes(settings.versions), k6Recipe(settings.versions)]);
      return binaries;
    },
  });
  const table = plainTable(['image', 'origin']);
  for (const entry of Object.entries(origins)) table.push(entry);
  write(`\n${table.toString()}\n`);
  try {
    // Grafana is in no package to make a stand-in of.
    const profiles = origins[grafanaImage(settings)] === 'missing' ? { COMPOSE_PROFILES: 'traffic' } : {};
    const { exitCode } = await execa(command, args, {
      cwd: root,
      env: { ...engine.environment, ...profiles },
      stdio: ['ignore', 'inherit', 'inherit'],
      cancelSignal: signal,
      forceKillAfterDelay: END_WITHIN_MS,
      reject: false,
    });
    return exitCode ?? 1;
  } finally {
    // In an engine of our own they stay, for the next run.
    if (engine.isOwn) await docker(['image', 'prune', '--force'], engine).catch(() => {});
    else if (built.length > 0) await docker(['image', 'rm', '--force', ...built], engine).catch(() => {});
  }
}

const [command, ...args] = process.argv.slice(2);
if (!command) {
  printError('usage: node bootstrap.mjs .ci/docker/main.ts COMMAND [ARG ...]');
  process.exit(2);
}
try {
  const composeBinary = async () => (await provide([composeRecipe]))['docker-compose'] ?? '';
  const dataRoot = join(settings.cacheDir, 'docker-engine');
  process.exitCode = await withEngine({ dataRoot, composeBinary, signal, write }, (engine) =>
    runOn(engine, command, args),
  );
} catch (error) {
  const isHere = !(error instanceof NoEngineError || error instanceof GoMissingError);
  printError(isHere ? error : `${[command, ...args].join(' ')} is not run here: ${error.message}`);
  process.exitCode = isHere ? 1 : NOT_RUN_HERE;
}
