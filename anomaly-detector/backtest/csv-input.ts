import { type InputRow, parseTimestamp } from './samples.ts';

/** An input that cannot be read at all. The message says where, what, got and expected. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * Reads a CSV text with a header that names the columns `timestamp` and `value`; other columns are left out. Every
 * data row becomes one row of the result, in order, whether or not it can be read; only blank lines are skipped.
 * @throws {InputError} without such a header
 */
export function parseCsvInput(text: string, name: string): readonly InputRow[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const header = splitFields(lines[0] ?? '').map((field) => field.trim().toLowerCase());
  const timestampColumn = header.indexOf('timestamp');
  const valueColumn = header.indexOf('value');
  if (timestampColumn < 0 || valueColumn < 0)
    throw new InputError(
      `${name}: line 1 must name the columns timestamp and value, got ${JSON.stringify(lines[0] ?? '')}`,
    );
  const rows: InputRow[] = [];
  for (let index = 1; index < lines.length; index += 1) {
    if (lines[index]!.trim() === '') continue;
    const fields = splitFields(lines[index]!);
    rows.push(readRow(index + 1, fields[timestampColumn], fields[valueColumn]));
  }
  return rows;
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

/** NaN and infinities are read as such, in Prometheus' and JavaScript's spelling: the model rejects them by name. */
function readNumber(text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const number = Number(text);
  return Number.isNaN(number) ? undefined : number;
}

function splitFields(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    fields.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : (match[2] ?? ''));
  return fields;
}
