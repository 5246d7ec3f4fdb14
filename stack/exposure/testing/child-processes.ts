import { type ChildProcess, spawn } from 'node:child_process';
import { endChild } from '@aiops-sre/service-kit/lifecycle/end-child.ts';

const STOP_WITHIN_MS = 5000;

/** Processes of a test, ended together. */
export class ChildProcesses {
  readonly #children: ChildProcess[] = [];
  #log = '';

  /** The last lines that any of them wrote. */
  get log(): string {
    return this.#log;
  }

  start(
    file: string,
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ): void {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        this.#log = (this.#log + text).slice(-8000);
      });
    child.on('error', (error) => {
      this.#log += error.message;
    });
    this.#children.push(child);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => endChild(child, STOP_WITHIN_MS)));
  }
}
