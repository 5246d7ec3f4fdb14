/** One thing under way: `step` says what it is at, `done` closes it. */
export interface Task {
  step(what: string): void;
  done(what: string): void;
}

const HEARTBEAT_MS = 10_000;

/**
 * Progress as lines `component  step  elapsed`: a line when a task begins and ends, and one every ten seconds
 * in between, so that a long step never looks hung, on a terminal and in a CI log alike.
 */
export class Progress {
  readonly #write: (line: string) => void;
  readonly #running = new Map<string, { step: string; startedMs: number }>();
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  note(line: string): void {
    this.#write(line);
  }

  task(name: string): Task {
    const state = { step: 'starting', startedMs: Date.now() };
    const line = (what: string) => {
      const elapsed = `${Math.round((Date.now() - state.startedMs) / 1000)} s`;
      this.#write(`  ${name.padEnd(20)} ${what.padEnd(46)} ${elapsed.padStart(6)}`);
    };
    this.#running.set(name, state);
    this.#heartbeat ??= setInterval(() => {
      for (const [running, { step, startedMs }] of this.#running) {
        const elapsed = `${Math.round((Date.now() - startedMs) / 1000)} s`;
        this.#write(`  ${running.padEnd(20)} ${step.padEnd(46)} ${elapsed.padStart(6)}`);
      }
    }, HEARTBEAT_MS).unref();
    return {
      step: (what) => {
        if (state.step === 'starting') line(what);
        state.step = what;
      },
      done: (what) => {
        this.#running.delete(name);
        line(what);
        if (this.#running.size === 0) {
          clearInterval(this.#heartbeat);
          this.#heartbeat = undefined;
        }
      },
    };
  }
}
