import { existsSync, readFileSync } from 'node:fs';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import { z } from 'zod';

const stateSchema = z.strictObject({
  engine: z.enum(['compose', 'native']),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Whether the demo application is part of it. */
  demo: z.boolean().default(true),
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

export async function writeState(file: string, state: State): Promise<void> {
  await writeAtomically(file, JSON.stringify(state, undefined, 2));
}
