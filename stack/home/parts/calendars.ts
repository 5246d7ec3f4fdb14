import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readCalendars } from '@aiops-sre/anomaly-detector/calendar/calendar-files.ts';
import type { PartContent } from '../part.ts';

/** Holidays and maintenance, which the detector reads by itself; what is wrong in one leaves the rest of it. */
export async function readHomeCalendars(files: readonly string[]): Promise<PartContent> {
  const { problems } = await readCalendars(files, 'UTC');
  const unreadable = new Set(problems.filter(({ line }) => line === undefined).map(({ file }) => file));
  const taken = files.filter((file) => !unreadable.has(file));
  return { files: new Map(taken.map((file) => [basename(file), readFileSync(file, 'utf8')])), problems };
}
