import { type ChildProcess, spawn } from 'node:child_process';
import type { ProcessSpec, ProcessStatus } from './process-spec.ts';
import type { RotatingLog } from './rotating-log.ts';

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A process that ran this long starts again at once after a crash. */
const STABLE_AFTER_MS = 60_000;

/** One process and its life: started, restarted with exponential backoff when it ends unasked, stopped. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #log: RotatingLog;
  readonly #onChange: () => void;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #restartTimer: NodeJS.Timeout | undefined;
  #state: ProcessStatus['state'] = 'stopped';
  #crashes = 0;
  #consecutiveCrashes = 0;
  #lastExit: number | string | undefined;
  #startedAtMs: number | undefined;

  constructor(options: { spec: ProcessSpec; log: RotatingLog; onChange: () => void }) {
    this.spec = options.spec;
    this.#log = options.log;
    this.#onChange = options.onChange;
  }

  get status(): ProcessStatus {
    return {
      name: this.spec.name,
      state: this.#state,
      pid: this.#child?.pid,
      crashes: this.#crashes,
      lastExit: this.#lastExit,
      startedAtMs: this.#startedAtMs,
      readyUrl: this.spec.readyUrl,
    };
  }

  /** Starts the process unless it runs; a pending restart happens at once. */
  start(): void {
    if (this.#child) return;
    clearTimeout(this.#restartTimer);
    const child = spawn(this.spec.command, this.spec.args, {
      cwd: this.spec.workingDirectory,
      env: this.spec.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#state = 'running';
    this.#startedAtMs = Date.now();
    child.stdout.on('data', (chunk: Buffer) => this.#log.write(chunk));
    child.stderr.on('data', (chunk: Buffer) => this.#log.write(chunk));
    this.#exited = new Promise((resolve) => {
      const ended = (how: number | string) => {
        if (this.#child !== child) return;
        this.#child = undefined;
        this.#lastExit = how;
        if (this.#state !== 'stopping') this.#restartLater(how);
        else this.#state = 'stopped';
        this.#onChange();
        resolve();
      };
      child.on('error', (error) => ended(error.message));
      child.on('close', (code, signal) => ended(signal ?? code ?? 'unknown'));
    });
    this.#onChange();
  }

  /** Ends the process and leaves it ended: `signal`, then SIGKILL once its stop timeout has passed. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    clearTimeout(this.#restartTimer);
    if (!this.#child) {
      this.#state = 'stopped';
      return;
    }
    this.#state = 'stopping';
    this.#child.kill(signal);
    const child = this.#child;
    const kill = setTimeout(() => child.kill('SIGKILL'), this.spec.stopTimeoutMs);
    await this.#exited;
    clearTimeout(kill);
  }

  #restartLater(how: number | string): void {
    const ranMs = Date.now() - (this.#startedAtMs ?? 0);
    this.#crashes += 1;
    this.#consecutiveCrashes = ranMs > STABLE_AFTER_MS ? 1 : this.#consecutiveCrashes + 1;
    const delayMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#consecutiveCrashes - 1));
    this.#log.write(
      `supervisor: ${this.spec.name} ended (${how}) after ${ranMs} ms, starts again in ${delayMs} ms\n`,
    );
    this.#state = 'backing-off';
    this.#restartTimer = setTimeout(() => this.start(), delayMs);
  }
}
