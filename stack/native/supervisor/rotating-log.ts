import { appendFileSync, closeSync, copyFileSync, openSync, statSync, truncateSync } from 'node:fs';

/**
 * A log file that a process writes by itself, and that is kept from growing far past `maxBytes`: when full, FILE.1 becomes
 * what it was and it begins anew, so that a demo left running for weeks does not fill the disk. Copied and cut off, not
 * renamed: the process holds it open. What is written between the two is lost.
 */
export class RotatingLog {
  readonly #file: string;
  readonly #maxBytes: number;

  constructor(file: string, maxBytes = 10 * 1024 * 1024) {
    this.#file = file;
    this.#maxBytes = maxBytes;
  }

  /** Calls `use` with a descriptor that appends, for a child to inherit. */
  withDescriptor<T>(use: (descriptor: number) => T): T {
    const descriptor = openSync(this.#file, 'a');
    try {
      return use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  write(text: string): void {
    appendFileSync(this.#file, text);
  }

  /** To be called every few seconds. */
  rotateIfFull(): void {
    if ((statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) < this.#maxBytes) return;
    copyFileSync(this.#file, `${this.#file}.1`);
    truncateSync(this.#file);
  }
}
