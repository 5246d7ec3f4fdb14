import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ExecaError, execa } from 'execa';
import type { Settings } from '../../settings.ts';
import type { Recipe } from './recipes.ts';

/** The oldest Go that fetches a newer toolchain by itself when a module asks for one. */
const OLDEST_GO = [1, 21] as const;

export class GoMissingError extends Error {
  override name = 'GoMissingError';
}

function moduleDir(settings: Settings, recipe: Recipe): string {
  return join(settings.root, 'stack', 'native', 'modules', recipe.module);
}

/**
 * Folder of a recipe's binaries in the cache. Its name holds a digest of everything that decides the result, so a
 * changed pin is another folder and an old binary is never taken for a new one.
 */
function cacheFolder(settings: Settings, recipe: Recipe): string {
  const digest = createHash('sha256').update(JSON.stringify([recipe, process.platform, process.arch]));
  const dir = moduleDir(settings, recipe);
  for (const file of readdirSync(dir).sort()) digest.update(file).update(readFileSync(join(dir, file)));
  return join(
    settings.cacheDir,
    'bin',
    `${recipe.name}-${recipe.version}-${digest.digest('hex').slice(0, 12)}`,
  );
}

/** Path of a finished build, or undefined. A folder appears in the cache only when whole. */
export function cachedBuild(settings: Settings, recipe: Recipe): string | undefined {
  const folder = cacheFolder(settings, recipe);
  return existsSync(folder) ? folder : undefined;
}

/** @throws GoMissingError when no Go, or one too old, is on the PATH. */
export async function requireGo(signal: AbortSignal): Promise<void> {
  let version: string;
  try {
    version = (
      await execa('go', ['env', 'GOVERSION'], { cancelSignal: signal, env: { GOTOOLCHAIN: 'local' } })
    ).stdout;
  } catch (error) {
    throw new GoMissingError('no Go on the PATH', { cause: error });
  }
  const [major = 0, minor = 0] = version.replace(/^go/, '').split('.').map(Number);
  if (major < OLDEST_GO[0] || (major === OLDEST_GO[0] && minor < OLDEST_GO[1])) {
    throw new GoMissingError(`Go on the PATH is ${version}, expected go${OLDEST_GO.join('.')} or newer`);
  }
}

/**
 * Builds a recipe's binaries into the cache and returns their folder.
 *
 * Interrupted, it leaves nothing half-made behind (the folder is renamed into place at the end) and goes on where it
 * was next time (Go keeps what it has compiled and downloaded).
 *
 * @throws Error with the compiler's last lines.
 */
export async function build(options: {
  readonly settings: Settings;
  readonly recipe: Recipe;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}): Promise<string> {
  const { settings, recipe, signal, onStep } = options;
  const folder = cacheFolder(settings, recipe);
  mkdirSync(join(settings.cacheDir, 'bin'), { recursive: true });
  const unfinished = mkdtempSync(join(settings.cacheDir, 'bin', `.building-${recipe.name}-`));
  const variables = Object.entries(recipe.variables).map(([name, value]) => `-X ${name}=${value}`);
  const go = {
    cwd: moduleDir(settings, recipe),
    cancelSignal: signal,
    // auto: Go fetches the toolchain that a module asks for. Each module's go.sum is whole, so nothing is looked
    // up in a checksum database (Tempo's 2.8 commit is not in it).
    env: { CGO_ENABLED: '0', GOTOOLCHAIN: 'auto', GOFLAGS: '-mod=readonly' },
    all: true,
  } as const;
  try {
    onStep('resolving modules');
    let downloaded = 0;
    for (const [index, goPackage] of recipe.packages.entries()) {
      const output = join(unfinished, recipe.binaries[index] ?? '');
      const tags = recipe.tags.length > 0 ? ['-tags', recipe.tags.join(',')] : [];
      const ldflags = ['-s', '-w', ...variables].join(' ');
      const compiling = execa(
        'go',
        ['build', '-v', '-trimpath', ...tags, '-ldflags', ldflags, '-o', output, goPackage],
        go,
      );
      let compiled = 0;
      const lines = createInterface({ input: compiling.all });
      lines.on('line', (line) => {
        if (line.startsWith('go: downloading')) {
          downloaded += 1;
          onStep(`downloading, ${downloaded} modules`);
        } else {
          compiled += 1;
          onStep(`compiling ${recipe.binaries[index]}, ${compiled} packages`);
        }
      });
      await compiling;
    }
    if (existsSync(folder)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, folder);
    return folder;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    const output = error instanceof ExecaError ? String(error.all ?? error.shortMessage) : String(error);
    throw new Error(
      `building ${recipe.name} ${recipe.version} failed:\n${output.split('\n').slice(-15).join('\n')}`,
      {
        cause: error,
      },
    );
  }
}
