/**
 * What `read` gives, or the end of the process with its message, and that of its cause: a stack trace would hide what is
 * wrong.
 */
import { printError } from '../terminal/print.ts';
export function orExit<T>(read: () => T, exitCode: number): T {
  try {
    return read();
  } catch (error) {
    const { message, cause } = error as Error;
    printError(cause instanceof Error ? `${message} (${cause.message})` : message);
    process.exit(exitCode);
  }
}
