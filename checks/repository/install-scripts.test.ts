import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const workflows = readdirSync(join(root, '.github', 'workflows')).map((file) => `.github/workflows/${file}`);

/** A fresh clone whose packages would all like to run a script; `node` needs its own. */
describe('a fresh clone', { timeout: 120_000 }, () => {
  let clone: string;
  const ran = (name: string) => existsSync(join(clone, `${name}-ran`));
  const npm = (folder: string, ...args: string[]) =>
    execFileSync('npm', [...args, '--silent', '--ignore-scripts', '--offline', '--no-audit', '--no-fund'], {
      cwd: folder,
    });

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'clone-'));
    const makesMark = (name: string) =>
      `require('node:fs').writeFileSync(${JSON.stringify(join(clone, `${name}-ran`))}, '')`;
    for (const [name, script] of [
      [
        'node',
        `${makesMark('node')}; require('node:fs').mkdirSync('bin'); require('node:fs').symlinkSync(process.execPath, 'bin/node')`,
      ],
      ['stranger', makesMark('stranger')],
    ] as const) {
      const folder = join(clone, 'packages', name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'script.cjs'), script);
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({
          name,
          version: '1.0.0',
          bin: name === 'node' ? { node: 'bin/node' } : undefined,
          scripts: { preinstall: 'node script.cjs', postinstall: 'node -e 0' },
        }),
      );
      npm(folder, 'pack', '--pack-destination', clone);
    }
    for (const file of ['bootstrap.mjs', '.npmrc']) cpSync(join(root, file), join(clone, file));
    writeFileSync(
      join(clone, 'package.json'),
      JSON.stringify({
        name: 'clone',
        devDependencies: { node: 'file:node-1.0.0.tgz', stranger: 'file:stranger-1.0.0.tgz' },
      }),
    );
    npm(clone, 'install', '--package-lock-only');
  });
  afterEach(() => rmSync(clone, { recursive: true }));

  test("runs the script of `node` and no other package's, and mends a `node` that went missing", () => {
    const start = () =>
      spawnSync(process.execPath, ['bootstrap.mjs', 'node', '--version'], { cwd: clone, encoding: 'utf8' });
    expect(start()).toMatchObject({ status: 0, stdout: `${process.version}\n` });
    expect([ran('node'), ran('stranger')]).toEqual([true, false]);
    rmSync(join(clone, 'node_modules', 'node', 'bin'), { recursive: true });
    expect(start()).toMatchObject({ status: 0, stdout: `${process.version}\n` });
  });

  test('runs none where it is installed by hand', () => {
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund'], { cwd: clone });
    expect([ran('node'), ran('stranger')]).toEqual([false, false]);
  });
});

test.each(['Dockerfile', '.ci/run', ...workflows])('%s installs without scripts of packages', (file) => {
  for (const [line] of read(file).matchAll(/.*\bnpm['"]?[, (['"]*(ci|install|i)\b.*/g))
    expect(line).toContain('--ignore-scripts');
});

test.each(workflows)('%s writes no secret before everything is installed', (file) => {
  const { jobs } = parse(read(file)) as {
    jobs: Record<string, { steps?: { run?: string; env?: Record<string, string> }[] }>;
  };
  for (const [name, { steps = [] }] of Object.entries(jobs)) {
    const firstWith = (matches: (step: (typeof steps)[number]) => boolean) => steps.findIndex(matches);
    const installs = firstWith(({ run = '' }) => /\bnpm (ci|run|test|start)|bootstrap\.mjs/.test(run));
    const secret = firstWith(({ env = {} }) => /\bsecrets\./.test(JSON.stringify(env)));
    if (installs !== -1 && secret !== -1) expect(installs, name).toBeLessThan(secret);
  }
});
