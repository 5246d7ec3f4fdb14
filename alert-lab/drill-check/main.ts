/**
 * `npm run test:drills [-- NAME...]`: every drill, or the tracks with those named, on stacks of their own side by side.
 * The last line counts: `N passed, N failed`.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { drillText } from '../drill/drill-text.ts';
import type { DrillResult } from '../drill/play-drill.ts';
import { readDrills } from '../drill/read-drills.ts';
import { playTrack } from './play-track.ts';
import { type Track, tracksOf } from './tracks.ts';

const root = resolve(import.meta.dirname, '..', '..');
const interrupted = new AbortController();
// Not once(): without a listener of ours left, execa's own would end this process before it has put anything back.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => interrupted.abort(new Error(`interrupted by ${signal}`)));

const named = process.argv.slice(2);
const drills = readDrills(join(root, 'alert-lab', 'drills'));
const known = drills.map(({ name }) => name);
for (const name of named.filter((each) => !known.includes(each))) {
  printError(`There is no drill ${name}; possible: ${known.join(', ')}`);
  process.exit(2);
}
const tracks = tracksOf(drills).filter(
  (track) => named.length === 0 || track.drills.some(({ name }) => named.includes(name)),
);
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

try {
  await Promise.all(tracks.map(play));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const ended = tracks
  .flatMap(({ drills }) => drills)
  .map(({ name }) => ({ name, result: results.find(({ drill }) => drill === name) }));
const table = plainTable(['drill', 'seconds', 'result']);
for (const { name, result } of ended) {
  const seconds = result?.milestones.at(-1)?.afterSeconds.toFixed(0) ?? '';
  table.push([name, seconds, result === undefined ? 'not played' : (result.failure ?? 'passed')]);
}
print(`\n${table.toString()}\n`);
// .ci/run plays these once more.
for (const { name, result } of ended)
  if (result?.passed !== true) print(`DRILL FAILED ${name} ${result?.failure ?? 'not played'}`);
for (const problem of problems) print(problem);
const passed = results.filter((result) => result.passed).length;
const failed = Math.max(ended.length - passed, problems.length > 0 ? 1 : 0);
print(`${((Date.now() - startedMs) / 60_000).toFixed(1)} minutes`);
print(`${passed} passed, ${failed} failed`);
process.exitCode = interrupted.signal.aborted ? 130 : failed > 0 ? 1 : 0;
