/**
 * `node bootstrap.mjs .ci/docker/main.ts COMMAND...`: runs the command with a Docker engine that has the images of
 * docker-compose.yml, on a machine that may have neither: an engine is installed and started where none answers, and
 * images that no registry gives are made of what packages give. Afterwards the engine is ended.
 * Exits as the command does, or with 77 where no engine can be had.
 */

import { join, resolve } from 'node:path';
import { docker } from '@aiops-sre/checks/compose/docker.ts';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { type Binaries, provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { composeRecipe, k6Recipe, recipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { type Command, exitCodeOf, withCommand } from '../command.ts';
import { type Engine, withEngine } from './engine.ts';
import { grafanaImage, provideImages } from './images.ts';

/** The command ends its own containers first. */
const END_WITHIN_MS = 80_000;

const root = resolve(import.meta.dirname, '..', '..');
const settings = readSettings(root, process.env);
const write = (text: string) => print(text);
const { signal } = abortOnSignal();
const progress = new Progress(write);
const provide = (wanted: Parameters<typeof provideBinaries>[0]['recipes']) =>
  provideBinaries({ settings, recipes: wanted, path: process.env.PATH ?? '', progress, signal });

async function runOn(engine: Engine, command: Command): Promise<number> {
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
    return await exitCodeOf(command, {
      root,
      environment: { ...engine.environment, ...profiles },
      signal,
      endWithinMs: END_WITHIN_MS,
    });
  } finally {
    // In an engine of our own they stay, for the next run.
    if (engine.isOwn) await docker(['image', 'prune', '--force'], engine).catch(() => {});
    else if (built.length > 0) await docker(['image', 'rm', '--force', ...built], engine).catch(() => {});
  }
}

await withCommand('.ci/docker/main.ts', async (command) => {
  const composeBinary = async () => (await provide([composeRecipe]))['docker-compose'] ?? '';
  const dataRoot = join(settings.cacheDir, 'docker-engine');
  return withEngine({ dataRoot, composeBinary, signal, write }, (engine) => runOn(engine, command));
});
