/** One data row of the input. A row that could not be read keeps its text, and says what was wrong with it. */
export type InputRow =
  | {
      readonly line: number;
      readonly text: readonly [timestamp: string, value: string];
      readonly sample: Sample;
    }
  | {
      readonly line: number;
      readonly text: readonly [timestamp: string, value: string];
      readonly problem: string;
    };

interface Sample {
  readonly timestampSeconds: number;
  readonly value: number;
  /** How many events the value is a share of, if the input says so; NaN where it does not for this one. */
  readonly events?: number;
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?$/i;
/** Unix times from here on are milliseconds: as seconds they would lie beyond the year 5000. */
const MILLISECONDS_FROM = 1e11;

/**
 * Reads a moment: ISO 8601, `2014-04-01 00:05:00` (UTC where no zone is given), or Unix seconds or milliseconds.
 * @returns Unix seconds, or undefined if it is none of these
 */
export function parseTimestamp(text: string): number | undefined {
  const trimmed = text.trim();
  const match = DATE_TIME.exec(trimmed);
  if (match) {
    const milliseconds = Date.parse(`${match[1]}T${match[2]}${match[3] ?? 'Z'}`);
    return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
  }
  if (!/^-?\d+(\.\d+)?$/.test(trimmed)) return undefined;
  const number = Number(trimmed);
  return Math.abs(number) >= MILLISECONDS_FROM ? number / 1000 : number;
}

/** The commonest distance between one sample and the next: the median of those > 0, in seconds. */
export function inferStepSeconds(rows: readonly InputRow[]): number | undefined {
  const distances: number[] = [];
  let last: number | undefined;
  for (const row of rows) {
    if (!('sample' in row)) continue;
    const { timestampSeconds } = row.sample;
    if (last !== undefined && timestampSeconds > last) distances.push(timestampSeconds - last);
    last = timestampSeconds;
  }
  distances.sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)];
}
