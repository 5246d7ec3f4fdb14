import { appendFile } from 'node:fs/promises';

/** Whatever is written to it the kernel answers with ENOSPC. Of Linux; elsewhere it is not there, which fails as well. */
const FULL = '/dev/full';

/** Where a process keeps a file, until a drill fills it. */
export function createDisk() {
  let isFull = false;
  return {
    /** @param full whether nothing more goes onto it from now on */
    suffer(full: boolean): void {
      isFull = full;
    },
    /** To be asked before the text is written. @throws {Error} the system's, while there is no space left */
    async hold(text: string): Promise<void> {
      if (isFull) await appendFile(FULL, text);
    },
  };
}

export type Disk = ReturnType<typeof createDisk>;
