import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface PromtoolResult {
  readonly passed: boolean;
  /** What it printed to both streams, without empty lines. */
  readonly output: string;
}

const TIMEOUT_MS = 300_000;

/** The promtool to use: PROMTOOL if set, else one on the PATH, else undefined. */
export function findPromtool(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return environment.PROMTOOL || findBinary('promtool', environment.PATH);
}

/** Path of an executable in the folders of a PATH. */
export function findBinary(name: string, path: string | undefined): string | undefined {
  return (path ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Runs promtool. @throws Error if it can not be started at all */
export async function runPromtool(
  promtool: string,
  args: readonly string[],
  { folder, timeoutMs = TIMEOUT_MS }: { readonly folder?: string; readonly timeoutMs?: number } = {},
): Promise<PromtoolResult> {
  return await new Promise((resolve, reject) => {
    execFile(
      promtool,
      args,
      { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, ...(folder === undefined ? {} : { cwd: folder }) },
      (error, stdout, stderr) => {
        if (error && typeof error.code === 'string')
          return reject(new Error(`${promtool} can not be run`, { cause: error }));
        const timedOut = error?.killed ? `stopped after ${timeoutMs / 1000} s\n` : '';
        const output = `${timedOut}${stdout}${stderr}`.replace(/\n\s*\n/g, '\n').trim();
        resolve({ passed: error === null, output });
      },
    );
  });
}
