import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '@aiops-sre/service-kit/schema/check.ts';
import type { z } from 'zod';
import {
  type ChaosReport,
  type ProgrammeHead,
  programmeSchema,
  reportFileSchema,
} from './chaos-report-schema.ts';
import { type ExperimentRecord, experimentRecordSchema } from './experiment-record.ts';

export class ResultsError extends Error {
  override readonly name = 'ResultsError';
}

const PROGRAMME = 'programme.json';
const RECORDS = 'experiments.jsonl';

/**
 * Results of a programme in a folder: what was played is not played again, however the run before ended.
 *
 * @throws ResultsError where the folder holds those of another programme
 */
export function openResults(folder: string, head: ProgrammeHead) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, PROGRAMME);
  if (existsSync(file)) {
    const there = readHead(folder);
    if (JSON.stringify(there) !== JSON.stringify(head))
      throw new ResultsError(
        `${file}: expected ${JSON.stringify(head)}, got ${JSON.stringify(there)}: another programme needs another folder`,
      );
  } else writeFileSync(file, `${JSON.stringify(head)}\n`);
  const recordsFile = join(folder, RECORDS);
  // The end of a line that was being written when the power went.
  if (existsSync(recordsFile)) {
    const text = readFileSync(recordsFile, 'utf8');
    if (!text.endsWith('\n')) writeFileSync(recordsFile, text.slice(0, text.lastIndexOf('\n') + 1));
  }
  return {
    records: (): readonly ExperimentRecord[] => readRecords(folder),
    append: (record: ExperimentRecord): void => appendFileSync(recordsFile, `${JSON.stringify(record)}\n`),
  };
}

/** @throws ResultsError where the folder holds none */
export function readResults(folder: string): {
  readonly head: ProgrammeHead;
  readonly records: readonly ExperimentRecord[];
} {
  if (!existsSync(join(folder, PROGRAMME)))
    throw new ResultsError(`${folder}: expected the results of a programme, found none`);
  return { head: readHead(folder), records: readRecords(folder) };
}

function readHead(folder: string): ProgrammeHead {
  const file = join(folder, PROGRAMME);
  return checked(programmeSchema, readFileSync(file, 'utf8'), file);
}

/** What `chaos-report` wrote. @throws ResultsError naming the file and what is wrong in it */
export function readReport(file: string): ProgrammeHead & ChaosReport {
  if (!existsSync(file)) throw new ResultsError(`${file}: expected a report.generated.json, found none`);
  return checked(reportFileSchema, readFileSync(file, 'utf8'), file);
}

/** By number. */
function readRecords(folder: string): ExperimentRecord[] {
  const file = join(folder, RECORDS);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      line === '' ? [] : [checked(experimentRecordSchema, line, `${file}:${index + 1}`)],
    )
    .sort((one, other) => one.experiment.number - other.experiment.number);
}

function checked<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ResultsError(`${where}: expected JSON, got ${text.slice(0, 60)}`, { cause });
  }
  const { data, problems } = check(schema, value);
  if (!problems) return data;
  const [{ path, possible, found }] = problems as [(typeof problems)[number]];
  throw new ResultsError(`${where}: ${path.join('.')}: expected ${possible}, got ${found}`);
}
