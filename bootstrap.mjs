// @ts-check
/**
 * Entry point of every npm script: installs what a fresh clone lacks, then runs the command under the pinned Node.
 *
 * Plain JavaScript, and no imports beyond Node's own: it has to run on whatever Node the host has (18 and up),
 * before anything is installed and before TypeScript can be run as it is.
 *
 *   node bootstrap.mjs stack/main.ts start     a TypeScript file
 *   node ../bootstrap.mjs vitest run           a command of node_modules/.bin
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const lockfile = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.installed-lock.json');
const binaries = join(root, 'node_modules', '.bin');
const node = join(binaries, 'node');

function isInstalled() {
  return existsSync(installed) && readFileSync(installed).equals(readFileSync(lockfile)) && existsSync(node);
}

/** @param {string[]} args */
function npm(args) {
  const { status, error } = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (!error && status === 0) return;
  const why = error ? `: ${error.message}` : ` with exit code ${status}`;
  console.error(`npm ${args[0]} failed${why}. Mend that, then run the same command again.`);
  process.exit(1);
}

function install() {
  // Two commands started at once on a fresh clone must not both run npm in the same folder.
  const lock = join(root, '.installing');
  for (let waited = 0; ; waited += 1) {
    try {
      closeSync(openSync(lock, 'wx'));
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      if (isInstalled()) return;
      if (Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs > 10 * 60_000)
        rmSync(lock, { force: true });
      if (waited === 0) console.error('Another command is installing packages here; waiting for it.');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    }
  }
  try {
    console.error('Installing packages (npm ci), once per clone ...');
    // No package's own script runs, whatever version of npm this is, but that of `node`, which fetches the binary.
    npm(['ci', '--ignore-scripts']);
    npm(['rebuild', 'node', '--ignore-scripts=false']);
    mkdirSync(dirname(installed), { recursive: true });
    writeFileSync(installed, readFileSync(lockfile));
  } finally {
    rmSync(lock, { force: true });
  }
}

if (!isInstalled()) install();

const [target, ...rest] = process.argv.slice(2);
if (!target) {
  console.error('usage: node bootstrap.mjs FILE.ts|COMMAND [ARG ...]');
  process.exit(2);
}
const command = target.endsWith('.ts')
  ? [node, resolve(root, target), ...rest]
  : [join(binaries, target), ...rest];
const child = spawn(command[0], command.slice(1), {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` },
});
// The terminal sends Ctrl-C to the whole process group, so the child has it already: only wait for it to end.
process.on('SIGINT', () => {});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`${command[0]}: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
