import { parse } from 'yaml';
import { z } from 'zod';

interface Schema {
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
}
const schemaSchema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    description: z.string().optional(),
    properties: z.record(z.string(), schemaSchema).optional(),
  }),
);

const BEGIN = '<!-- values: made by npm run generate -->';
const END = '<!-- end of values -->';

/** A row for each value that values.schema.json describes, with its default of values.yaml. */
function rows(schema: Schema, values: unknown, path = ''): readonly string[] {
  const own =
    path && schema.description
      ? [`| \`${path}\` | \`${JSON.stringify(values)}\` | ${schema.description.replaceAll('|', '\\|')} |`]
      : [];
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    rows(each, (values as Record<string, unknown> | undefined)?.[name], path ? `${path}.${name}` : name),
  );
  // What is described part by part needs no row of its own.
  return inside.length > 0 ? inside : own;
}

/** The chart's README with the table of its values between the two marks. @throws Error where it has no marks */
export function withValuesTable(readme: string, valuesYaml: string, schemaJson: string): string {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`README.md of the chart: expected ${BEGIN} and ${END}`);
  const table = rows(schemaSchema.parse(JSON.parse(schemaJson)), parse(valuesYaml));
  return [
    `${before}${BEGIN}`,
    '| Value | Default | What it does |',
    '|---|---|---|',
    ...table,
    `${END}${after}`,
  ].join('\n');
}
