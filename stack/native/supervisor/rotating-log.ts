import { appendFileSync, renameSync, statSync } from 'node:fs';

/**
 * A log file that never grows past `maxBytes`: when full it becomes FILE.1 and a new one begins, so that a demo left
 * running for weeks does not fill the disk. Written synchronously: the last line before a crash is the one wanted.
 */
export class RotatingLog {
  readonly #file: string;
  readonly #maxBytes: number;
  #bytes: number;

  constructor(file: string, maxBytes = 10 * 1024 * 1024) {
    this.#file = file;
    this.#maxBytes = maxBytes;
    this.#bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(chunk: Uint8Array | string): void {
    if (this.#bytes >= this.#maxBytes) {
      renameSync(this.#file, `${this.#file}.1`);
      this.#bytes = 0;
    }
    appendFileSync(this.#file, chunk);
    this.#bytes += chunk.length;
  }
}
