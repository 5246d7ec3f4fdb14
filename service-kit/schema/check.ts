import type { z } from 'zod';
import { expectation } from './expectation.ts';

/** One value that a schema refuses. */
export interface SchemaProblem {
  readonly path: readonly PropertyKey[];
  readonly found: string;
  readonly possible: string;
}

export type Checked<T> =
  | { readonly data: T; readonly problems?: undefined }
  | { readonly data?: undefined; readonly problems: readonly SchemaProblem[] };

/** `value` as `schema` has it, or everything that is wrong with it: a problem for each value, and for each unknown field. */
export function check<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const result = schema.safeParse(value, { error: expectation });
  if (result.success) return { data: result.data };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, [], value)) };
}

function problemsOf(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[], root: unknown): SchemaProblem[] {
  const path = [...prefix, ...issue.path];
  // "expected" is what messages say where they stand alone.
  const possible = issue.message.replace(/^expected /, '');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], found: 'an unknown field', possible }));
  const meant = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined;
  if (meant) return meant.flatMap((inner) => problemsOf(inner, path, root));
  return [{ path, found: shown(valueAt(root, path)), possible }];
}

/** The one branch of a union whose kind of value it is: what is wrong inside of it is worth more than the list of kinds. */
function meantBranch(branches: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] | undefined {
  const sameKind = branches.filter((issues) => issues.every(({ path }) => path.length > 0));
  return sameKind.length === 1 ? sameKind[0] : undefined;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, key) =>
      typeof parent === 'object' && parent !== null
        ? (parent as Record<PropertyKey, unknown>)[key]
        : undefined,
    root,
  );
}

/** A value as it reads in a message: JSON, cut at 80 characters; `nothing` for what is not there. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
