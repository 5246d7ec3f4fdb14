import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '@aiops-sre/stack/settings.ts';
import { execa } from 'execa';
import { ROOT } from '../../testing/stack-under-test.ts';

const INSTALL_MS = 600_000;

/** One of `examples/`: what it takes to start it, as its README says. */
export interface Example {
  readonly name: string;
  readonly language: string;
  /** Installs and builds what is missing. @returns the command that starts it, and what it needs in its environment. */
  prepare(settings: Settings): Promise<ExampleCommand>;
}

interface ExampleCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export const folderOf = (name: string) => join(ROOT, 'examples', name);

/** A folder of the cache that is new with each change of what it is made from. */
function cacheOf({ cacheDir }: Settings, name: string, ...files: readonly string[]): string {
  const digest = createHash('sha256');
  for (const file of files) digest.update(readFileSync(join(folderOf(name), file)));
  return join(cacheDir, 'examples', `${name}-${digest.digest('hex').slice(0, 12)}`);
}

/** Its packages are those of the checkout: versions of both are the same. */
const express: Example = {
  name: 'express',
  language: 'node',
  prepare: async () => ({
    file: process.execPath,
    args: ['--require', '@opentelemetry/auto-instrumentations-node/register', 'app.js'],
  }),
};

const flask: Example = {
  name: 'flask',
  language: 'python',
  async prepare(settings) {
    const folder = cacheOf(settings, 'flask', 'requirements.txt');
    const program = (name: string) => join(folder, 'bin', name);
    if (!existsSync(program('flask'))) {
      rmSync(folder, { recursive: true, force: true });
      await execa('python3', ['-m', 'venv', folder], { timeout: INSTALL_MS });
      const install = ['install', '--quiet', '-r', join(folderOf('flask'), 'requirements.txt')];
      await execa(program('pip'), install, { timeout: INSTALL_MS });
    }
    // The port is an argument, and comes last.
    return {
      file: program('opentelemetry-instrument'),
      args: [program('flask'), '--app', 'app', 'run', '--port'],
    };
  },
};

const go: Example = {
  name: 'go',
  language: 'go',
  async prepare(settings) {
    const file = cacheOf(settings, 'go', 'go.mod', 'go.sum', 'main.go', 'telemetry.go');
    if (!existsSync(file))
      await execa('go', ['build', '-o', file, '.'], { cwd: folderOf('go'), timeout: INSTALL_MS });
    return { file, args: [] };
  },
};

export const EXAMPLES: readonly Example[] = [express, flask, go];
