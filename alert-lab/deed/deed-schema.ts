import { faultsSchema } from '@aiops-sre/demo-app/faults/faults-schema.ts';
import { PORT_VARIABLES, type PortName } from '@aiops-sre/service-kit/platform/ports.ts';
import { z } from 'zod';
import { databaseDeeds } from './database-deeds.ts';

const UNIT_SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** A duration such as `45s`, `20m` or `1h`, read as seconds. */
export const seconds = z
  .string('a duration such as 45s or 20m')
  .regex(/^\d+[smh]$/, 'a duration such as 45s or 20m')
  .transform((text) => Number(text.slice(0, -1)) * UNIT_SECONDS[text.at(-1) as keyof typeof UNIT_SECONDS]);
export const instance = z.enum(Object.keys(PORT_VARIABLES) as [PortName, ...PortName[]]);
/** What the supervisor runs: instances of the demo, and components that have several ports. */
const processName = z.enum([...instance.options, 'otel-collector']);
export const labels = z.record(z.string(), z.string());

/** `> 0.5`, `<= 3e8`, `== 0`; or `present`, which any value is. */
export const comparison = z
  .string()
  .regex(/^(present|(>=?|<=?|==|!=) \S+)$/, "a comparison such as '> 0.5', or present")
  .refine((text) => text === 'present' || !Number.isNaN(Number(text.split(' ')[1])), 'a number')
  .transform((text) => {
    const [operator, number] = text.split(' ');
    return { operator: operator as Comparison['operator'], number: Number(number) };
  });
export interface Comparison {
  readonly operator: 'present' | '>' | '>=' | '<' | '<=' | '==' | '!=';
  readonly number: number;
}

/** What can be done to a stack. What is left of it at the end is undone by itself. */
export const deeds = {
  /** Variants that flags get, by flag; at the end they get those of before. */
  setFlags: labels.optional(),
  /** Flags that get the variant of before. */
  resetFlags: z.array(z.string()).min(1).optional(),
  /** What the demo's `PUT /admin/faults` takes, of one instance; cleared at the end. */
  faults: z.strictObject({ instance, inject: faultsSchema }).optional(),
  /** Processes; started at the end. Native engine alone, as all that follows. */
  stop: z.array(processName).min(1).optional(),
  start: z.array(processName).min(1).optional(),
  /** Killed, as the kernel does when memory runs out; what watches over them starts them again. */
  kill: z.array(processName).min(1).optional(),
  /** Killed again and again, each time it has run for so long. */
  crashLoop: z.strictObject({ process: processName, every: seconds }).optional(),
  /** They hang: alive and connected, without an answer; at the end they go on. */
  pause: z.array(processName).min(1).optional(),
  /** A version of the storefront that is brought out, as `npm run -s deploy` does; taken back at the end. */
  deploy: z
    .strictObject({
      version: z.string(),
      /** Share of the first step, percent. */
      canary: z.int().min(1).max(100),
      /** How long each step lasts. */
      bake: z.string().default('1m'),
    })
    .optional(),
  /** Strangers on the same machine, each of which wants a whole processor. */
  noisyNeighbours: z.int().min(1).max(8).optional(),
  ...databaseDeeds,
};

const deedsSchema = z.strictObject(deeds);
export type Deeds = z.infer<typeof deedsSchema>;

export const given = (step: object, keys: object) =>
  Object.keys(keys).filter((key) => (step as Record<string, unknown>)[key] !== undefined);
