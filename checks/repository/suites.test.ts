import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const tracked = (pattern: string) =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', pattern], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)));

/** What Vitest itself would run with a configuration, as paths from the root. */
async function filesOf(config: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['list', '--filesOnly', '--json', '--config', config],
    // With a Grafana that is running, its tests are of `npm test`.
    { cwd: root, env: { ...process.env, GRAFANA_URL: 'http://127.0.0.1:1' }, maxBuffer: 2 ** 24 },
  );
  return (JSON.parse(stdout) as { file: string }[]).map(({ file }) => relative(root, file));
}

test('every test file is run by npm test or else by a suite of its own', async () => {
  const [unit, ...others] = await Promise.all(
    tracked('*vitest.config.ts')
      .toSorted((a, b) => a.split('/').length - b.split('/').length)
      .map(filesOf),
  );
  const own = others.flat();
  expect(
    unit?.filter((file) => own.includes(file)),
    'of a suite of its own, and of npm test',
  ).toEqual([]);
  const run = new Set([...(unit ?? []), ...own]);
  expect(
    tracked('*.test.ts').filter((file) => !run.has(file)),
    'run by none',
  ).toEqual([]);
}, 60_000);
