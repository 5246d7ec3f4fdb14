import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSettings, type Settings } from '../../settings.ts';
import { build, cachedBuild } from './build.ts';
import { findOnPath } from './find.ts';
import type { Recipe } from './recipes.ts';

const hasGo = (() => {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const recipe: Recipe = {
  name: 'hello',
  version: '1.2.3',
  module: 'hello',
  packages: ['.'],
  binaries: ['hello'],
  tags: [],
  variables: { 'main.version': '1.2.3' },
};

let root: string;
let settings: Settings;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-'));
  const module = join(root, 'stack/native/modules/hello');
  mkdirSync(module, { recursive: true });
  writeFileSync(join(module, 'go.mod'), 'module hello\n\ngo 1.21\n');
  writeFileSync(
    join(module, 'main.go'),
    'package main\n\nvar version string\n\nfunc main() { println("hello, version " + version) }\n',
  );
  const repository = dirname(dirname(dirname(import.meta.dirname)));
  settings = { ...readSettings(repository, { AIOPS_CACHE_DIR: join(root, 'cache') }), root };
});
afterEach(() => rmSync(root, { recursive: true }));

const run = (signal = new AbortController().signal, onStep: (step: string) => void = () => {}) =>
  build({ settings, recipe, signal, onStep });
const inCache = () => readdirSync(join(settings.cacheDir, 'bin'));

describe.skipIf(!hasGo)(`building from a Go module${hasGo ? '' : ' (skipped: no Go)'}`, () => {
  test('gives a binary of the pinned version, found in the cache from then on', async () => {
    expect(cachedBuild(settings, recipe)).toBeUndefined();
    const folder = await run();
    expect(cachedBuild(settings, recipe)).toBe(folder);
    expect(await findOnPath(recipe, folder)).toEqual({ hello: join(folder, 'hello') });
    expect(await findOnPath({ ...recipe, version: '1.2.4' }, folder)).toBeUndefined();
  });

  test('interrupted leaves no binary behind, and the next one succeeds', async () => {
    const abort = new AbortController();
    await expect(run(abort.signal, () => abort.abort())).rejects.toThrow(/hello/);
    expect(cachedBuild(settings, recipe)).toBeUndefined();
    expect(inCache()).toEqual([]);
    expect(existsSync(join(await run(), 'hello'))).toBe(true);
  });

  test('of a changed module does not take the old binary for the new one', async () => {
    await run();
    writeFileSync(join(root, 'stack/native/modules/hello/go.mod'), 'module hello\n\ngo 1.22\n');
    expect(cachedBuild(settings, recipe)).toBeUndefined();
  });

  test('that fails shows what the compiler said', async () => {
    writeFileSync(
      join(root, 'stack/native/modules/hello/main.go'),
      'package main\n\nfunc main() { undefinedName() }\n',
    );
    await expect(run()).rejects.toThrow(/building hello 1\.2\.3 failed:[\s\S]*undefinedName/);
    expect(inCache()).toEqual([]);
  });
});
