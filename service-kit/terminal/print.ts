import { inspect } from 'node:util';
import { visibleText } from './visible-text.ts';

/*
 * The one way of every command to a terminal or a pipe: what comes from telemetry, alerts and logs can write there and do
 * nothing else.
 */

/** A text of a line or more, on standard output. */
export function print(text: string): void {
  // biome-ignore lint/suspicious/noConsole: this is what stands before it
  console.log(visibleText(text));
}

/** A message or an error, on standard error; an error with its stack. */
export function printError(problem: unknown): void {
  // biome-ignore lint/suspicious/noConsole: this is what stands before it
  console.error(visibleText(typeof problem === 'string' ? problem : inspect(problem)));
}

/** Cursor to the upper left, and what is below it cleared. */
export function clearScreen(): void {
  process.stdout.write('\u001b[H\u001b[2J\u001b[3J');
}
