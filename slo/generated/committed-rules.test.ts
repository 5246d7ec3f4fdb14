import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPromtool } from '../checking/promtool.ts';
import { promtool } from '../testing/promtool-rig.ts';
import { checkGenerated, repositoryFolders } from './generated-files.ts';

const root = resolve(import.meta.dirname, '../..');
const folders = repositoryFolders(root);
const handWrittenTests = join(root, 'prometheus', 'tests');

it('the committed rules are those that the definitions give', async () => {
  expect(await checkGenerated(folders)).toEqual([]);
});

it('every alert links a runbook that exists', () => {
  const linked = readdirSync(folders.rules)
    .filter((name) => name.endsWith('.rules.yml'))
    .flatMap((name) => [
      ...readFileSync(join(folders.rules, name), 'utf8').matchAll(/runbook_url: .*\/(\S+\.md)/g),
    ])
    .map(([, file]) => file!);
  const runbooks = readdirSync(join(root, 'docs', 'runbooks'));
  expect(linked.length).toBeGreaterThan(0);
  expect([...new Set(linked)].filter((file) => !runbooks.includes(file))).toEqual([]);
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
