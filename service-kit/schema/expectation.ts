import type { z } from 'zod';

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  map: 'a mapping',
  array: 'a list',
  tuple: 'a list',
  set: 'a list',
  null: 'nothing',
  undefined: 'nothing',
  nonoptional: 'a value',
};

const FORMATS: Readonly<Record<string, string>> = {
  url: 'a URL',
  email: 'an e-mail address',
  datetime: 'an instant such as 2026-03-01T10:00:00Z',
  safeint: 'a whole number',
  int32: 'a whole number',
  uint32: 'a whole number',
};

/**
 * What would have been accepted, for people who write settings and YAML: zod's error map, for issues whose schema has no
 * message of its own.
 */
export function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.map(String).join(', ');
    case 'too_small':
      return sized(
        issue.origin,
        Number(issue.minimum),
        issue.exact ? 'exactly' : issue.inclusive ? 'at least' : 'more than',
      );
    case 'too_big':
      return sized(
        issue.origin,
        Number(issue.maximum),
        issue.exact ? 'exactly' : issue.inclusive ? 'at most' : 'less than',
      );
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return (
        FORMATS[issue.format] ??
        (issue.pattern ? `text that matches ${issue.pattern}` : `text of the form ${issue.format}`)
      );
    case 'unrecognized_keys':
      return Object.keys(shapeOf(issue.inst)).join(', ') || 'nothing';
    case 'invalid_union':
      return issue.discriminator === undefined
        ? alternatives(issue.errors)
        : ((issue.options as unknown[]) ?? []).join(', ');
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0]?.message ?? 'another value';
    default:
      return 'another value';
  }
}

function sized(origin: string, limit: number, bound: string): string {
  if (origin === 'string')
    return limit === 1 && bound === 'at least' ? 'text that is not empty' : `${bound} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `${bound} ${limit} item${limit === 1 ? '' : 's'}`;
  return `${bound} ${limit}`;
}

function shapeOf(schema: unknown): object {
  return (schema as z.ZodObject | undefined)?._zod.def.shape ?? {};
}

function alternatives(branches: readonly (readonly z.core.$ZodIssue[])[]): string {
  const each = branches.flatMap(([issue]) => (issue ? [issue.message] : []));
  return [...new Set(each)].join(', or ') || 'another value';
}
