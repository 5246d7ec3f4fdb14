import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

/** SPDX names of licences that ask for no more than their text and notices. */
const PERMISSIVE = new Set([
  ...[
    'MIT',
    'Apache-2.0',
    'ISC',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'BlueOak-1.0.0',
    'Unlicense',
    'CC0-1.0',
  ],
  ...['Python-2.0', 'PSF-2.0', 'MIT-0', 'CC-BY-4.0'],
]);

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

test('every npm package has a licence that is known, and permissive where it is shipped', () => {
  const { packages } = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8'),
  ) as { packages: Record<string, Locked> };
  const strangers = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  );
  expect(strangers.length).toBeGreaterThan(100);
  const alternatives = (expression: string) => expression.replace(/[()]/g, '').split(' OR ');
  const isPermissive = (expression: string) =>
    alternatives(expression).some((each) => each.split(' AND ').every((name) => PERMISSIVE.has(name)));
  const problems = strangers.flatMap(([path, { license = 'none', dev = false }]) =>
    isPermissive(license) || (dev && license !== 'none') ? [] : [`${path}: ${license}`],
  );
  expect(problems).toEqual([]);
});

test('no program of others is among the files of the repository', async () => {
  const { stdout } = await execa('git', ['ls-files', '-z'], { cwd: join(import.meta.dirname, '..', '..') });
  const files = stdout.split('\0').filter(Boolean);
  expect(files.length).toBeGreaterThan(500);
  const executable = Buffer.from('\x7fELF');
  const programs = files.filter((file) => {
    if (/\.(exe|dll|so|dylib|jar|wasm|zip|gz|tgz|deb|rpm)$/i.test(file)) return true;
    const path = join(import.meta.dirname, '..', '..', file);
    // A link leads to another file of these.
    if (lstatSync(path).isSymbolicLink()) return false;
    const content = readFileSync(path);
    return content.subarray(0, 4).equals(executable);
  });
  expect(programs).toEqual([]);
});
