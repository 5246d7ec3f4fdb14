import { createInterface } from 'node:readline/promises';

/**
 * Asks on the terminal.
 *
 * @throws Error that names `instead`, where there is no terminal.
 */
export async function confirmed(question: string, instead: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Error(`${question} There is no terminal to answer on; ${instead} does it.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    terminal.close();
  }
}
