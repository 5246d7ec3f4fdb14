import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { check } from '../schema/check.ts';
import { FileError, type FileProblem } from './file-problem.ts';
import { parseYaml } from './yaml-document.ts';

/** A YAML file as `schema` has it. @throws {FileError} with all that is wrong */
export function readYamlFile<T>(file: string, schema: z.ZodType<T>): T {
  const read = readChecked(file, schema);
  if ('problems' in read) throw new FileError(read.problems);
  return read.data;
}

/**
 * Every `*.yaml` of a folder, by name without the ending, sorted.
 *
 * @throws {FileError} with all that is wrong with any of them: half of what was meant is worse than none of it
 */
export function readYamlFolder<T>(folder: string, schema: z.ZodType<T>): ReadonlyMap<string, T> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const problems: FileProblem[] = [];
  const read = new Map<string, T>();
  for (const file of files) {
    const result = readChecked(join(folder, file), schema);
    if ('problems' in result) problems.push(...result.problems);
    else read.set(basename(file, '.yaml'), result.data);
  }
  if (problems.length > 0) throw new FileError(problems);
  return read;
}

function readChecked<T>(
  file: string,
  schema: z.ZodType<T>,
): { data: T } | { problems: readonly FileProblem[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return {
      problems: [{ file, path: '', found: (error as Error).message, possible: 'a file that can be read' }],
    };
  }
  return checkedYaml(file, text, schema);
}

/** The text of a YAML file as `schema` has it. @throws {FileError} with all that is wrong */
export function readYaml<T>(file: string, text: string, schema: z.ZodType<T>): T {
  const read = checkedYaml(file, text, schema);
  if ('problems' in read) throw new FileError(read.problems);
  return read.data;
}

function checkedYaml<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
): { data: T } | { problems: readonly FileProblem[] } {
  const document = parseYaml(file, text);
  if ('problems' in document) return document;
  const { data, problems } = check(schema, document.value);
  if (!problems) return { data: data as T };
  return { problems: problems.map(({ path, found, possible }) => document.problem(path, found, possible)) };
}
