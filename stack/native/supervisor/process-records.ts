import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { isRunning } from './process-identity.ts';

const SUPERVISOR = 'supervisor';

/**
 * The supervisor and every process that is to run, on disk: whoever comes after a killed supervisor finds them by it. One
 * that waits to be started again has the identity that it had.
 */
const processRecordsSchema = z.array(
  z.strictObject({
    name: z.string(),
    pid: z.number().int().positive(),
    startTime: z.string(),
    startedAtMs: z.number(),
  }),
);
export type ProcessRecords = Readonly<z.infer<typeof processRecordsSchema>>;
export type ProcessRecord = ProcessRecords[number];

/** Nothing where nothing was started, or all was stopped in order. */
export function readRecords(file: string): ProcessRecords {
  try {
    return processRecordsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}

/** Renamed into place: a reader sees the old list or the new one, never half of one. */
export function writeRecords(
  file: string,
  supervisor: Omit<ProcessRecord, 'name'>,
  processes: ProcessRecords,
): void {
  writeFileSync(
    `${file}.tmp`,
    JSON.stringify([{ name: SUPERVISOR, ...supervisor }, ...processes], undefined, 2),
  );
  renameSync(`${file}.tmp`, file);
}

/** The supervisor, if it runs. */
export const supervisorOf = (records: ProcessRecords): ProcessRecord | undefined =>
  records.find((each) => each.name === SUPERVISOR && isRunning(each));

/** All but the supervisor, whether they run or not. */
export const processesOf = (records: ProcessRecords): ProcessRecords =>
  records.filter(({ name }) => name !== SUPERVISOR);

/** What runs without a supervisor that would start it again. */
export function unwatchedProcesses(file: string): ProcessRecords {
  const records = readRecords(file);
  return supervisorOf(records) ? [] : processesOf(records).filter(isRunning);
}
