import { rmSync } from 'node:fs';
import { isRunning } from './process-identity.ts';
import type { ProcessRecord } from './process-records.ts';
import type { ProcessSpec, ProcessStatus } from './process-spec.ts';
import type { RotatingLog } from './rotating-log.ts';
import { adoptProcess, type RunningProcess, spawnProcess } from './running-process.ts';

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A process that ran this long starts again at once after a crash. */
const STABLE_AFTER_MS = 60_000;

/** One process and its life: started, restarted with exponential backoff when it ends unasked, stopped. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #log: RotatingLog;
  readonly #onChange: () => void;
  #running: RunningProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #restartTimer: NodeJS.Timeout | undefined;
  #state: ProcessStatus['state'] = 'stopped';
  #crashes = 0;
  #consecutiveCrashes = 0;
  #lastExit: number | string | undefined;
  #startedAtMs: number | undefined;
  #record: ProcessRecord | undefined;

  constructor(options: { spec: ProcessSpec; log: RotatingLog; onChange: () => void }) {
    this.spec = options.spec;
    this.#log = options.log;
    this.#onChange = options.onChange;
  }

  get status(): ProcessStatus {
    return {
      name: this.spec.name,
      state: this.#state,
      pid: this.#running?.identity?.pid,
      crashes: this.#crashes,
      lastExit: this.#lastExit,
      startedAtMs: this.#startedAtMs,
      readyUrl: this.spec.readyUrl,
      ...(this.spec.readyStatus !== undefined && { readyStatus: this.spec.readyStatus }),
      ...(this.spec.isStandby && { isStandby: true }),
    };
  }

  /** For the supervisor after this one; undefined where the process is not to run. */
  get record(): ProcessRecord | undefined {
    return this.#state === 'stopped' ? undefined : this.#record;
  }

  /** Starts the process unless it runs; a pending restart happens at once. */
  start(): void {
    if (this.#running) return;
    clearTimeout(this.#restartTimer);
    if (this.spec.listensOn) rmSync(this.spec.listensOn, { force: true });
    this.#watch(spawnProcess(this.spec, this.#log), Date.now());
  }

  /** Goes on with the process that a supervisor before this one started, or starts it anew where that has ended. */
  takeOver(record: ProcessRecord): void {
    if (isRunning(record)) this.#watch(adoptProcess(record), record.startedAtMs);
    else this.start();
  }

  /** Ends the process and leaves it ended: `signal`, or what its specification says, then SIGKILL once its stop timeout has passed. */
  async stop(signal: NodeJS.Signals = this.spec.stopSignal ?? 'SIGTERM'): Promise<void> {
    clearTimeout(this.#restartTimer);
    const running = this.#running;
    if (!running) {
      this.#state = 'stopped';
      this.#onChange();
      return;
    }
    this.#state = 'stopping';
    running.kill(signal);
    const kill = setTimeout(() => running.kill('SIGKILL'), this.spec.stopTimeoutMs);
    await this.#exited;
    clearTimeout(kill);
  }

  async restart(): Promise<void> {
    await this.stop();
    this.start();
  }

  /** SIGHUP, where it runs; what starts later has read its configuration then. */
  reload(): void {
    this.#running?.kill('SIGHUP');
  }

  #watch(running: RunningProcess, startedAtMs: number): void {
    this.#running = running;
    this.#state = 'running';
    this.#startedAtMs = startedAtMs;
    if (running.identity) this.#record = { name: this.spec.name, ...running.identity, startedAtMs };
    this.#exited = running.ended.then((how) => {
      this.#running = undefined;
      this.#lastExit = how;
      if (this.#state === 'stopping') this.#state = 'stopped';
      else this.#restartLater(how);
      this.#onChange();
    });
    this.#onChange();
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
