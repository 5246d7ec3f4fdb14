/**
 * `npm run test:drills [-- NAME...]`: every drill and a short chaos programme, or the tracks with those named, on stacks of
 * their own side by side.
 * The last line counts: `N passed, N failed`.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { abortOnSignal, INTERRUPTED } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { drillText } from '../drill/drill-text.ts';
import type { DrillResult } from '../drill/play-drill.ts';
import { readDrills } from '../drill/read-drills.ts';
import { playTrack } from './play-track.ts';
import { type ExperimentResult, playShortProgramme, SHORT_PROGRAMME } from './short-programme.ts';
import { type Track, tracksOf } from './tracks.ts';

const root = resolve(import.meta.dirname, '..', '..');
const interrupted = abortOnSignal();

const named = process.argv.slice(2);
const drills = readDrills(join(root, 'alert-lab', 'drills'));
/** The name of the short chaos programme. */
const CHAOS = 'chaos';
const known = [...drills.map(({ name }) => name), CHAOS];
for (const name of named.filter((each) => !known.includes(each))) {
  printError(`There is no drill ${name}; possible: ${known.join(', ')}`);
  process.exit(2);
}
const tracks = tracksOf(drills).filter(
  (track) => named.length === 0 || track.drills.some(({ name }) => named.includes(name)),
);
const isChaosPlayed = named.length === 0 || named.includes(CHAOS);
const startedMs = Date.now();
const results: DrillResult[] = [];
const problems: string[] = [];
const folder = mkdtempSync(join(root, '.data-test-drills-'));

/** Stacks start one after the other: what they compute at their start wants the processors for itself. */
let starting: Promise<void> = Promise.resolve();
async function play(track: Track, number: number): Promise<void> {
  const before = starting;
  const { promise, resolve: started } = Promise.withResolvers<void>();
  starting = promise;
  await before;
  const names = track.drills.map(({ name }) => name);
  try {
    interrupted.signal.throwIfAborted();
    const problem = await playTrack({
      root,
      folder: join(folder, String(number)),
      track,
      environment: process.env,
      onStarted: started,
      onProgress: (line) => print(line),
      onResult: (result) => {
        results.push(result);
        print(`\n--- ${result.drill}\n${drillText(result)}\n`);
      },
      signal: interrupted.signal,
    });
    if (problem !== undefined) problems.push(`${names.join(', ')}: ${problem}`);
  } catch (error) {
    problems.push(`${names.join(', ')}: ${(error as Error).message}`);
  } finally {
    started();
  }
}

const experiments: ExperimentResult[] = [];
async function playChaos(): Promise<void> {
  try {
    const onProgress = (line: string) => print(line);
    const onResult = (result: ExperimentResult) => void experiments.push(result);
    const { signal } = interrupted;
    await playShortProgramme({ root, environment: process.env, onProgress, onResult, signal });
  } catch (error) {
    problems.push(`${CHAOS}: ${(error as Error).message}`);
  }
}

try {
  await Promise.all([...tracks.map(play), ...(isChaosPlayed ? [playChaos()] : [])]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const ended = [
  ...tracks
    .flatMap((track) => track.drills)
    .map(({ name }) => {
      const result = results.find(({ drill }) => drill === name);
      const seconds = result?.milestones.at(-1)?.afterSeconds;
      return { name, seconds, failure: result === undefined ? 'not played' : (result.failure ?? undefined) };
    }),
  ...(isChaosPlayed ? SHORT_PROGRAMME : []).map(
    (name) =>
      experiments.find((each) => each.name === name) ?? { name, seconds: undefined, failure: 'not played' },
  ),
];
const table = plainTable(['drill', 'seconds', 'result']);
for (const { name, seconds, failure } of ended)
  table.push([name, seconds?.toFixed(0) ?? '', failure ?? 'passed']);
print(`\n${table.toString()}\n`);
// .ci/run plays these once more.
for (const { name, failure } of ended)
  if (failure !== undefined) print(`DRILL FAILED ${name.split(' ')[0]} ${failure}`);
for (const problem of problems) print(problem);
const passed = ended.filter(({ failure }) => failure === undefined).length;
const failed = Math.max(ended.length - passed, problems.length > 0 ? 1 : 0);
print(`${((Date.now() - startedMs) / 60_000).toFixed(1)} minutes`);
print(`${passed} passed, ${failed} failed`);
process.exitCode = interrupted.signal.aborted ? INTERRUPTED : failed > 0 ? 1 : 0;
