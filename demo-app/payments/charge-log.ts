import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfThere } from '@aiops-sre/service-kit/files/read-if-there.ts';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import type { Disk } from '../faults/disk.ts';
import { type KeptCharge, keptChargeSchema } from './charge.ts';

const MODE = 0o600;

interface ChargeLog {
  /** Those of before, oldest first. */
  readonly charges: readonly KeptCharge[];
  /** Resolves once the charge is on disk. Charges that come while one is written are written together. */
  append(charge: KeptCharge): Promise<void>;
}

/** Opens the file, or begins one, and keeps it from growing past twice `capacity` charges. */
export async function openChargeLog(file: string, capacity: number, disk?: Disk): Promise<ChargeLog> {
  const charges = (await linesOf(file)).flatMap((line) => chargeIn(line) ?? []);
  let written = charges.map((charge) => JSON.stringify(charge));
  let last: Promise<void> = Promise.resolve();
  let next: { readonly lines: string[]; readonly done: Promise<void> } | undefined;

  async function write(lines: readonly string[]): Promise<void> {
    await disk?.hold(lines.map(asLine).join(''));
    if (written.length + lines.length <= 2 * capacity) {
      await mkdir(dirname(file), { recursive: true });
      await appendFile(file, lines.map(asLine).join(''), { mode: MODE, flush: true });
      written.push(...lines);
      return;
    }
    const kept = [...written, ...lines].slice(-capacity);
    await writeAtomically(file, kept.map(asLine).join(''), MODE);
    written = kept;
  }

  return {
    charges,
    append(charge) {
      if (next === undefined) {
        const lines: string[] = [];
        const done = last
          .catch(() => {})
          .then(() => {
            next = undefined;
            return write(lines);
          });
        next = { lines, done };
        last = done;
      }
      next.lines.push(JSON.stringify(charge));
      return next.done;
    },
  };
}

/** The line end comes first: a line that a crash or a full disk cut short does not take the next one with it. */
const asLine = (text: string) => `\n${text}`;

async function linesOf(file: string): Promise<readonly string[]> {
  const text = (await readIfThere(file)) ?? '';
  return text.split('\n').filter((line) => line !== '');
}

function chargeIn(line: string): KeptCharge | undefined {
  try {
    return keptChargeSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
