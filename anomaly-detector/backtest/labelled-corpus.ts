import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError, parseCsvInput } from './csv-input.ts';
import type { LabelledWindow } from './nab-score.ts';
import { inferStepSeconds, parseTimestamp } from './samples.ts';

/** A series with its labelled anomalies. */
export interface LabelledSeries {
  readonly name: string;
  readonly stepSeconds: number;
  readonly timestampSeconds: readonly number[];
  readonly values: readonly number[];
  /** How many events each value is a share of, where it is one. */
  readonly events?: readonly number[] | undefined;
  readonly windows: readonly LabelledWindow[];
  /** Undefined: from the first sample on, or as the score says. */
  readonly judgedFromSeconds?: number;
}

const labels = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/**
 * Reads a corpus laid out as NAB's: CSV files under a folder, and a JSON file from path to windows.
 * @throws {InputError} if a file or a label cannot be read; labels of files that are not there are left out
 */
export async function readLabelledCorpus(
  dataDir: string,
  labelsFile: string,
): Promise<readonly LabelledSeries[]> {
  const corpus: LabelledSeries[] = [];
  for (const [name, windows] of [...(await readLabels(labelsFile))].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const series = await readCsvSeries(join(dataDir, name), name).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (series === undefined) continue;
    corpus.push({ ...series, windows });
  }
  if (corpus.length === 0)
    throw new InputError(`${dataDir}: has none of the files that ${labelsFile} labels`);
  return corpus;
}

/** The labelled windows of each series. @throws {InputError} if a label cannot be read */
export async function readLabels(file: string): Promise<ReadonlyMap<string, readonly LabelledWindow[]>> {
  const read = labels.parse(JSON.parse(await readFile(file, 'utf8')));
  return new Map(
    Object.entries(read).map(([name, windows]) => [
      name,
      windows.map(([from, to]): LabelledWindow => [moment(name, from), moment(name, to)]),
    ]),
  );
}

/** @throws {InputError} if a row cannot be read or the step cannot be told */
export async function readCsvSeries(path: string, name: string): Promise<Omit<LabelledSeries, 'windows'>> {
  const rows = parseCsvInput(await readFile(path, 'utf8'), name);
  const samples = rows.map((row) => {
    if ('problem' in row) throw new InputError(`${name}:${row.line}: ${row.problem}`);
    return row.sample;
  });
  const stepSeconds = inferStepSeconds(rows);
  if (stepSeconds === undefined) throw new InputError(`${name}: fewer than two samples`);
  return {
    name,
    stepSeconds,
    timestampSeconds: samples.map(({ timestampSeconds }) => timestampSeconds),
    values: samples.map(({ value }) => value),
  };
}

function moment(name: string, text: string): number {
  const seconds = parseTimestamp(text);
  if (seconds === undefined) throw new InputError(`${name}: label ${JSON.stringify(text)} is no moment`);
  return seconds;
}
