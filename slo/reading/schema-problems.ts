import type { z } from 'zod';
import { shown } from './definition-error.ts';

type Issue = z.core.$ZodIssue;

export interface SchemaProblem {
  readonly path: readonly PropertyKey[];
  readonly found: string;
  readonly possible: string;
}

/** zod's issues as what was found and what is possible at each path of `document`. */
export function schemaProblems(
  document: unknown,
  issues: readonly Issue[],
  schema: z.ZodType,
): SchemaProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        found: 'an unknown field',
        possible: possibleKeys(schema, issue.path),
      }));
    const value = issue.path.reduce<unknown>(
      (parent, key) => (parent as Record<PropertyKey, unknown> | undefined)?.[key],
      document,
    );
    return [{ path: issue.path, found: foundIn(value), possible: possibleFor(issue) }];
  });
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  number: 'a number, without quotes',
  object: 'an object with fields of its own',
  record: 'an object with fields of its own',
  string: 'a text, in quotes where it could be taken for something else',
  tuple: 'a list of one item',
};

function possibleFor(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      // A message of our own says more than the bare value.
      return issue.message.startsWith('Invalid') ? issue.values.map(String).join(', ') : issue.message;
    case 'too_small':
      return issue.origin === 'number'
        ? `more than ${issue.minimum}`
        : issue.origin === 'array'
          ? `exactly ${issue.minimum} item`
          : issue.message;
    case 'too_big':
      return issue.origin === 'number'
        ? `at most ${issue.maximum}`
        : issue.origin === 'array'
          ? `exactly ${issue.maximum} item(s)`
          : `at most ${issue.maximum} characters`;
    case 'invalid_type':
      return TYPES[issue.expected] ?? `a value of type ${issue.expected}`;
    default:
      return issue.message;
  }
}

/** An object by its fields: its values are not what is wrong. */
function foundIn(value: unknown): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return shown(value);
  return `an object with ${Object.keys(value).join(', ') || 'nothing in it'}`;
}

/** Field names of the strict object at `path`. */
function possibleKeys(schema: z.ZodType, path: readonly PropertyKey[]): string {
  let at: z.core.$ZodType | undefined = schema;
  for (const key of path) at = inner(at, key);
  const shape = shapeOf(at);
  return shape ? Object.keys(shape).join(', ') : 'no such field';
}

function inner(schema: z.core.$ZodType | undefined, key: PropertyKey): z.core.$ZodType | undefined {
  const unwrapped = unwrap(schema);
  const definition = unwrapped?._zod.def as
    | { items?: readonly z.core.$ZodType[]; element?: z.core.$ZodType }
    | undefined;
  if (typeof key === 'number') return definition?.items?.[key] ?? definition?.element;
  return shapeOf(unwrapped)?.[String(key)];
}

function shapeOf(schema: z.core.$ZodType | undefined): Record<string, z.core.$ZodType> | undefined {
  return (unwrap(schema)?._zod.def as { shape?: Record<string, z.core.$ZodType> } | undefined)?.shape;
}

function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  const definition = schema?._zod.def as { innerType?: z.core.$ZodType; out?: z.core.$ZodType } | undefined;
  const next = definition?.innerType ?? definition?.out;
  return next ? unwrap(next) : schema;
}
