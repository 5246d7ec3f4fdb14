import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { readYamlFile, readYamlFolder } from './read-yaml.ts';

const schema = z.strictObject({
  name: z.string(),
  note: z.string().default('none'),
  steps: z.array(z.strictObject({ after: z.number().max(10) })).default([]),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yaml-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string, name = 'a.yaml'): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

it('takes a field without a value for one that is absent', () => {
  expect(readYamlFile(write('name: a\nnote:\nsteps:\n'), schema)).toEqual({
    name: 'a',
    note: 'none',
    steps: [],
  });
});

it.each([
  ['a value of another kind', 'name:\n  - a\n', ':2: name: found ["a"]; possible: text'],
  [
    'a value deep inside',
    'name: a\nsteps:\n  - after: 1\n  - after: 11\n',
    ':4: steps[1].after: found 11; possible: at most 10',
  ],
  ['an unknown field', 'name: a\nnmae: b\n', ':2: nmae: found an unknown field; possible: name, note, steps'],
  ['a field that is missing', 'note: a\n', ':1: name: found nothing; possible: text'],
  ['an empty file', '', ':1: found nothing; possible: a mapping'],
  ['broken YAML', 'name: a\nnote: [1\n', 'possible: valid YAML 1.2'],
  [
    'two documents',
    'name: a\n---\nname: b\n',
    'document 2: found another document; possible: one document a file',
  ],
  [
    'an alias bomb',
    `a: &a [x, x]\n${'bcdefghij'.replace(/./g, (key, at) => `${key}: &${key} [${`*${'abcdefghij'[at]}, `.repeat(9)}]\n`)}`,
    'possible: at most 100 uses of an anchor',
  ],
])('refuses %s with file, line and path', (_case, text, line) => {
  const file = write(text);
  expect(() => readYamlFile(file, schema)).toThrow(line);
  expect(() => readYamlFile(file, schema)).toThrow(file);
});

it('refuses a file that is not there by its name', () => {
  expect(() => readYamlFile(join(folder, 'b.yaml'), schema)).toThrow('b.yaml: found ENOENT');
});

it('reads a folder by name, or names all that is wrong in it', () => {
  write('name: one', 'one.yaml');
  write('name: two', 'two.yaml');
  write('not read', 'README.md');
  expect([...readYamlFolder(folder, schema).keys()]).toEqual(['one', 'two']);
  write('name: 1', 'one.yaml');
  write('name: 2', 'two.yaml');
  expect(() => readYamlFolder(folder, schema)).toThrow(/one\.yaml:1: name.*\n.*two\.yaml:1: name/);
});
