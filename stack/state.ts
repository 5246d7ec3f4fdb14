import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const stateSchema = z.strictObject({
  engine: z.enum(['compose', 'native']),
  /** ISO 8601. */
  startedAt: z.string(),
});
export type State = z.infer<typeof stateSchema>;

/** What the last start left behind; undefined before the first one. An unreadable file counts as none. */
export function readState(file: string): State | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

export function writeState(file: string, state: State): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, JSON.stringify(state, undefined, 2));
  renameSync(`${file}.tmp`, file);
}
