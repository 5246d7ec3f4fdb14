import { readIfThere } from '@aiops-sre/service-kit/files/read-if-there.ts';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import { z } from 'zod';
import { PILOTS } from './flight.ts';

const resultSchema = z.object({
  mission: z.string(),
  pilot: z.enum(PILOTS),
  at: z.iso.datetime(),
  ended: z.string(),
  points: z.number().nullable(),
  acknowledgeSeconds: z.number().nullable(),
  localiseSeconds: z.number().nullable(),
  mitigateSeconds: z.number().nullable(),
  budgetSpent: z.number(),
  wrongActs: z.array(z.string()),
});
export type Result = z.infer<typeof resultSchema>;
const fileSchema = z.object({ version: z.literal(1), flights: z.array(resultSchema) });

/** All flights of this stack, oldest first. @throws Error naming the file that is not one */
export async function readResults(file: string): Promise<readonly Result[]> {
  const text = await readIfThere(file);
  if (text === undefined) return [];
  try {
    return fileSchema.parse(JSON.parse(text)).flights;
  } catch (cause) {
    throw new Error(`${file}: got no list of flights; move it away to begin a new one`, { cause });
  }
}

export async function addResult(file: string, result: Result): Promise<void> {
  const flights = [...(await readResults(file)), result];
  await writeAtomically(file, `${JSON.stringify({ version: 1, flights }, null, 2)}\n`);
}

/** The most points of a pilot in a mission; undefined as long as none were given. */
export function bestOf(
  results: readonly Result[],
  mission: string,
  pilot: Result['pilot'],
): number | undefined {
  const points = results.flatMap((each) =>
    each.mission === mission && each.pilot === pilot && each.points !== null ? [each.points] : [],
  );
  return points.length === 0 ? undefined : Math.max(...points);
}
