import { CsvError, parse } from 'csv-parse/sync';
import { type InputRow, parseTimestamp } from './samples.ts';

/** An input that cannot be read at all. The message says where, what, got and expected. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * Reads a CSV text with a header that names the columns `timestamp` and `value`, and `events` where values are shares of so
 * many; other columns are left out. Every
 * data row becomes one row of the result, in order, whether or not it can be read; only blank lines are skipped.
 * @throws {InputError} without such a header, or where a quote is never closed
 */
export function parseCsvInput(text: string, name: string): readonly InputRow[] {
  const [first, ...others] = readRecords(text, name);
  const header = (first?.record ?? []).map((field) => field.trim().toLowerCase());
  const timestampColumn = header.indexOf('timestamp');
  const valueColumn = header.indexOf('value');
  if (timestampColumn < 0 || valueColumn < 0)
    throw new InputError(
      `${name}: line 1 must name the columns timestamp and value, got ${JSON.stringify(first?.record.join() ?? '')}`,
    );
  const eventsColumn = header.indexOf('events');
  return others.map(({ record, info }) =>
    withEvents(
      readRow(info.lines, record[timestampColumn], record[valueColumn]),
      eventsColumn < 0 ? undefined : (record[eventsColumn] ?? ''),
    ),
  );
}

/** Records with the line on which each ends. */
function readRecords(text: string, name: string) {
  try {
    return parse(text, {
      bom: true,
      info: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_records_with_empty_values: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
  } catch (error) {
    // The parser's own message names the last line, not the one of the quote.
    if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED')
      throw new InputError(`${name}: a quote is opened and never closed`, { cause: error });
    throw error;
  }
}

function readRow(line: number, timestamp: string | undefined, value: string | undefined): InputRow {
  const text = [timestamp ?? '', value ?? ''] as const;
  if (timestamp === undefined || value === undefined)
    return { line, text, problem: 'expected a timestamp and a value, got fewer columns' };
  const timestampSeconds = parseTimestamp(timestamp);
  if (timestampSeconds === undefined)
    return {
      line,
      text,
      problem: `timestamp: expected ISO 8601 or Unix seconds, got ${JSON.stringify(timestamp)}`,
    };
  const number = value.trim() === '' ? undefined : readNumber(value.trim());
  if (number === undefined)
    return { line, text, problem: `value: expected a number, got ${JSON.stringify(value)}` };
  return { line, text, sample: { timestampSeconds, value: number } };
}

/** The row with the number of its events, NaN where the field is empty. */
function withEvents(row: InputRow, text: string | undefined): InputRow {
  if (text === undefined || !('sample' in row)) return row;
  const events = text.trim() === '' ? Number.NaN : readNumber(text.trim());
  if (events !== undefined) return { ...row, sample: { ...row.sample, events } };
  return {
    line: row.line,
    text: row.text,
    problem: `events: expected a number, got ${JSON.stringify(text)}`,
  };
}

/** NaN and infinities are read as such, in Prometheus' and JavaScript's spelling: the model rejects them by name. */
function readNumber(text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const number = Number(text);
  return Number.isNaN(number) ? undefined : number;
}
