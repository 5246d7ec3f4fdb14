import { readYamlFolder } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { z } from 'zod';

const range = z
  .tuple([z.number().nonnegative(), z.number().nonnegative()])
  .refine(([low, high]) => low <= high, 'expected [low, high]');
const minutes = range.refine(([low]) => low > 0, 'expected minutes above 0');
const errorRatio = range.refine(([, high]) => high <= 1, 'expected ratios from 0 to 1');
const outcome = z.enum(['fires', 'silent']);

const scenarioSchema = z.strictObject({
  description: z.string(),
  /** Draws the values of every instance from its ranges. */
  seed: z.int(),
  /** Instances of it in the replay. */
  count: z.int().min(1).max(200),
  shape: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('step'), errorRatio, minutes }),
    z.strictObject({
      kind: z.literal('flapping'),
      errorRatio,
      minutes,
      failingMinutes: z.number().positive(),
      cycleMinutes: z.number().positive(),
    }),
    z.strictObject({ kind: z.literal('no-traffic'), minutes }),
    z.strictObject({ kind: z.literal('restart'), minutes }),
    z.strictObject({
      kind: z.literal('quiet'),
      minutes,
      callsAMinute: z.int().positive(),
      failures: z.int().nonnegative(),
    }),
  ]),
  /** Which severities an incident of this kind has to raise; the others must stay silent. */
  expect: z.strictObject({ page: outcome, ticket: outcome }),
});

export type Scenario = z.infer<typeof scenarioSchema> & { readonly name: string };
export type Shape = Scenario['shape'];

/** All scenarios of a folder, by name. @throws {FileError} with all that is wrong with them */
export function readScenarios(folder: string): readonly Scenario[] {
  return [...readYamlFolder(folder, scenarioSchema)].map(([name, scenario]) => ({ ...scenario, name }));
}
