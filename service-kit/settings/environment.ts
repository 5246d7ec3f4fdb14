import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { check, shown } from '../schema/check.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names of variables whose values are in no message, and may stand in a file that NAME_FILE names. */
const SECRET = /(TOKEN|PASSWORD|KEY)$/;

/**
 * The variables that `schema` names. One that is set but empty, as compose files and shells leave them, counts as unset.
 * A secret (a name that ends in TOKEN, PASSWORD or KEY) comes from the variable, else from the file that NAME_FILE names.
 *
 * @throws {Error} with a line for each variable: `environment: PORT: expected at most 65535, got "70000"`
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Environment,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      // A file of a secret that is empty is a mistake, where an empty variable says "none".
      const value = environment[name] || secretFromFile(name, environment);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const { data, problems } = check<z.output<z.ZodObject<Shape>>>(schema, given);
  if (!problems) return data as z.output<z.ZodObject<Shape>>;
  const lines = problems.map(({ path: [name, ...rest], possible }) => {
    const variable = String(name);
    const got =
      SECRET.test(variable) && variable in given
        ? `${given[variable]?.length} characters`
        : shown(given[variable]);
    const where = environment[variable] || !(variable in given) ? variable : `${variable}_FILE`;
    return `environment: ${[where, ...rest].join('.')}: expected ${possible}, got ${got}`;
  });
  throw new Error(lines.join('\n'));
}

function secretFromFile(name: string, environment: Environment): string | undefined {
  const file = SECRET.test(name) ? environment[`${name}_FILE`] : undefined;
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Error(`environment: ${name}_FILE: cannot read ${file}`, { cause });
  }
}
