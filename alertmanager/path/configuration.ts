import { parse } from 'yaml';
import { z } from 'zod';
import { type Matcher, parseMatchers } from './matchers.ts';

const matchersSchema = z
  .union([z.string().transform((text) => [text]), z.array(z.string())])
  .default([])
  .transform((texts, context): readonly Matcher[] => {
    try {
      return texts.flatMap(parseMatchers);
    } catch (error) {
      context.addIssue((error as Error).message);
      return z.NEVER;
    }
  });
const exactSchema = z.record(z.string(), z.string()).default({});

const routeSchema = z.looseObject({
  receiver: z.string().optional(),
  matchers: matchersSchema,
  match: exactSchema,
  match_re: exactSchema,
  continue: z.boolean().default(false),
  group_by: z.array(z.string()).optional(),
  group_wait: z.string().optional(),
  group_interval: z.string().optional(),
  repeat_interval: z.string().optional(),
  mute_time_intervals: z.array(z.string()).optional(),
  active_time_intervals: z.array(z.string()).optional(),
  get routes() {
    return z.array(routeSchema).default([]);
  },
});
export type Route = z.infer<typeof routeSchema>;

const configurationSchema = z.looseObject({
  route: routeSchema,
  receivers: z.array(z.looseObject({ name: z.string() })),
  inhibit_rules: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        source_matchers: matchersSchema,
        target_matchers: matchersSchema,
        equal: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});
/** What of Alertmanager's configuration decides the way of an alert. */
export type Configuration = z.infer<typeof configurationSchema>;

/** @throws Error with path and what was expected */
export function readConfiguration(text: string): Configuration {
  const result = configurationSchema.safeParse(parse(text, { merge: true }));
  if (result.success) return result.data;
  throw new Error(`Alertmanager's configuration: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`);
}
