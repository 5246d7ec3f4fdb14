import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfThere } from '@aiops-sre/service-kit/files/read-if-there.ts';
import { type StoredVerdict, storedVerdict } from './verdict.ts';

/** Verdicts kept as one JSON object a line, in the order they were given. */
export type VerdictFile = {
  readonly all: readonly StoredVerdict[];
  /** Resolves once the verdict is on disk. */
  add(verdict: StoredVerdict): Promise<void>;
};

/**
 * Opens the file, or starts an empty one. A line that cannot be read, such as one cut short by a crash, is left where
 * it is and reported to `onUnreadable`; the others count.
 */
export async function openVerdictFile(options: {
  file: string;
  onUnreadable: (line: number) => void;
}): Promise<VerdictFile> {
  const text = (await readIfThere(options.file)) ?? '';
  const all: StoredVerdict[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const verdict = readLine(line);
    if (verdict === undefined) options.onUnreadable(index + 1);
    else all.push(verdict);
  }
  // After a line cut short the next verdict has to start on a line of its own.
  let separator = text === '' || text.endsWith('\n') ? '' : '\n';
  return {
    all,
    async add(verdict) {
      await mkdir(dirname(options.file), { recursive: true });
      const lead = separator;
      separator = '';
      await appendFile(options.file, `${lead}${JSON.stringify(verdict)}\n`, { mode: 0o600, flush: true });
      all.push(verdict);
    },
  };
}

function readLine(line: string): StoredVerdict | undefined {
  try {
    return storedVerdict.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
