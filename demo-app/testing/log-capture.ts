import type { DestinationStream } from 'pino';

/** A destination for a logger that keeps each line, parsed. */
export function captureLog() {
  const lines: Record<string, unknown>[] = [];
  const destination: DestinationStream = { write: (line) => void lines.push(JSON.parse(line)) };
  return { lines, destination };
}
