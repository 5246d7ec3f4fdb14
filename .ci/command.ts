import { printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { GoMissingError } from '@aiops-sre/stack/native/binaries/build.ts';
import { execa } from 'execa';

/** Automake's "skipped". */
const NOT_RUN_HERE = 77;

/** What a command is to be run with cannot be had on this machine. */
export class NotHereError extends Error {
  override readonly name = 'NotHereError';
}

export type Command = readonly [string, ...string[]];

/**
 * Sees to the command that stands behind a script's name: this process exits as the command does, or with 77 where what it needs
 * cannot be had here.
 *
 * @param run returns the command's exit code
 */
export async function withCommand(script: string, run: (command: Command) => Promise<number>): Promise<void> {
  const [file, ...args] = process.argv.slice(2);
  if (!file) {
    printError(`usage: node bootstrap.mjs ${script} COMMAND [ARG ...]`);
    process.exit(2);
  }
  try {
    process.exitCode = await run([file, ...args]);
  } catch (error) {
    const isHere = !(error instanceof NotHereError || error instanceof GoMissingError);
    printError(isHere ? error : `${[file, ...args].join(' ')} is not run here: ${error.message}`);
    process.exitCode = isHere ? 1 : NOT_RUN_HERE;
  }
}

/** Runs a command on the terminal; its exit code, 1 where it has none. */
export async function exitCodeOf(
  [file, ...args]: Command,
  options: {
    readonly root: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
    /** From SIGTERM to SIGKILL. */
    readonly endWithinMs: number;
  },
): Promise<number> {
  const { exitCode } = await execa(file, args, {
    cwd: options.root,
    env: options.environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    cancelSignal: options.signal,
    forceKillAfterDelay: options.endWithinMs,
    reject: false,
  });
  return exitCode ?? 1;
}
