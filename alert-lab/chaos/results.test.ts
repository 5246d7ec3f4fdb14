import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openResults, readResults } from './results.ts';
import { record } from './testing/made-records.ts';

const HEAD = { seed: 7, only: [] };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chaos-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const numbered = (number: number) => {
  const one = record();
  return { ...one, experiment: { ...one.experiment, number } };
};

it('what was played is there again after a run that ended early, by number, but for a line that was being written', () => {
  const { append } = openResults(folder, HEAD);
  append(numbered(2));
  append(numbered(1));
  appendFileSync(join(folder, 'experiments.jsonl'), '{"experiment":{"number":3');
  const again = openResults(folder, HEAD);
  expect(again.records()).toEqual([numbered(1), numbered(2)]);
  again.append(numbered(3));
  expect(readResults(folder)).toEqual({ head: HEAD, records: [1, 2, 3].map(numbered) });
});

it('results of another programme are not added to', () => {
  openResults(folder, HEAD);
  expect(() => openResults(folder, { ...HEAD, seed: 8 })).toThrow(/expected .*"seed":8.*, got .*"seed":7/);
});

it('a folder without results, or with a line that is none, says so', () => {
  expect(() => readResults(folder)).toThrow('found none');
  openResults(folder, HEAD);
  appendFileSync(join(folder, 'experiments.jsonl'), '{"experiment": 1}\n');
  expect(() => readResults(folder)).toThrow(/experiments\.jsonl:1: experiment: expected/);
});
