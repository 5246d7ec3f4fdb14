import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGenerated, repositoryFolders } from './generated-files.ts';
import { runPromtool } from './promtool.ts';
import { promtool } from './promtool-rig.ts';

const root = resolve(import.meta.dirname, '..');
const folders = repositoryFolders(root);
const handWrittenTests = join(root, 'prometheus', 'tests');

it('the committed rules are those that the definitions give', async () => {
  expect(await checkGenerated(folders)).toEqual([]);
});

describe.skipIf(promtool === undefined)('promtool', { timeout: 240_000 }, () => {
  it('accepts every rule file', async () => {
    const names = readdirSync(folders.rules).filter((name) => name.endsWith('.rules.yml'));
    const result = await runPromtool(promtool!, ['check', 'rules', '--lint-fatal', ...names], {
      folder: folders.rules,
    });
    expect(result.passed, result.output).toBe(true);
  });

  const tests = [folders.rules, handWrittenTests].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.test.yml'))
      .map((name) => ({ folder, name })),
  );
  it.concurrent.each(tests)('passes $name', async ({ folder, name }) => {
    const result = await runPromtool(promtool!, ['test', 'rules', name], { folder });
    expect(result.passed, result.output).toBe(true);
  });
});
