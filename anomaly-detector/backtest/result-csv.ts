import type { ReplayedRow } from './replay.ts';

/**
 * One line a data row, in the input's order, timestamp and value as they were given. Rows without a score (warming up,
 * rejected, unreadable) have score 0 and no expectation.
 */
export function resultCsv(rows: readonly ReplayedRow[]): string {
  const lines = ['timestamp,value,anomaly_score,expected,lower,upper'];
  for (const { row, observation } of rows) {
    const [timestamp, value] = row.text.map(quoteIfNeeded);
    lines.push(
      observation?.kind === 'scored'
        ? `${timestamp},${value},${short(observation.score)},${short(observation.expected)},${short(observation.lower)},${short(observation.upper)}`
        : `${timestamp},${value},0,,,`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const short = (x: number): string => String(Number(x.toPrecision(8)));

const quoteIfNeeded = (field: string): string =>
  /[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
