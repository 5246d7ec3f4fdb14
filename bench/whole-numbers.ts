import { parseArgs } from 'node:util';

/**
 * Options of a benchmark that are numbers, each with what it is without being named.
 *
 * @param least where a number may be less than 1
 * @throws Error naming the option that is none, or no whole number
 */
export function wholeNumbers<Name extends string>(
  benchmark: string,
  args: readonly string[],
  defaults: Readonly<Record<Name, number>>,
  least: Partial<Readonly<Record<Name, number>>> = {},
): Readonly<Record<Name, number>> {
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options });
  return Object.fromEntries(
    names.map((name) => {
      const value = Number(values[name] ?? defaults[name]);
      const from = least[name] ?? 1;
      if (Number.isInteger(value) && value >= from) return [name, value];
      throw new Error(
        `bench ${benchmark}: --${name}: expected a whole number from ${from}, got ${values[name]}`,
      );
    }),
  ) as Record<Name, number>;
}
