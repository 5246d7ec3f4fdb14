import { isAlarm, type Replay } from './replay.ts';

/** What came of one series, as `--json` prints it. */
export interface SeriesSummary {
  readonly name: string;
  readonly rows: number;
  readonly scored: number;
  readonly warmingUp: number;
  /** Rows that could not be read or that the model rejected. */
  readonly bad: number;
  readonly stepSeconds: number;
  readonly days: number;
  /** Rows whose score is an alarm. */
  readonly alarms: number;
  readonly anomalies: readonly AnomalySummary[];
}

interface AnomalySummary {
  readonly start: string;
  /** When it was known: the row that opened it. */
  readonly found: string;
  /** Absent while it lasts beyond the last row. */
  readonly end?: string;
  readonly direction: string;
  readonly severity: string;
  readonly score: number;
  readonly peak: { readonly at: string; readonly value: number; readonly expected: number };
}

export function summarise(name: string, { rows, anomalies }: Replay, stepSeconds: number): SeriesSummary {
  const times = rows.flatMap(({ row }) => ('sample' in row ? [row.sample.timestampSeconds] : []));
  const count = (kind: string) => rows.filter(({ observation }) => observation?.kind === kind).length;
  return {
    name,
    rows: rows.length,
    scored: count('scored'),
    warmingUp: count('warming-up'),
    bad: count('rejected') + rows.filter(({ observation }) => observation === undefined).length,
    stepSeconds,
    days: times.length > 0 ? (Math.max(...edges(times)) - Math.min(...edges(times))) / 86_400 : 0,
    alarms: rows.filter(isAlarm).length,
    anomalies: anomalies.map(({ anomaly, foundSeconds, endSeconds }) => ({
      start: iso(anomaly.startSeconds),
      found: iso(foundSeconds),
      ...(endSeconds === undefined ? {} : { end: iso(endSeconds) }),
      direction: anomaly.direction,
      severity: anomaly.severity,
      score: anomaly.score,
      peak: {
        at: iso(anomaly.peak.timestampSeconds),
        value: anomaly.peak.value,
        expected: anomaly.peak.expected,
      },
    })),
  };
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const edges = (times: readonly number[]): readonly [number, number] => [times[0]!, times[times.length - 1]!];

/** A table for people: a line a series and one of totals. */
export function summaryTable(summaries: readonly SeriesSummary[]): string {
  const total = (pick: (summary: SeriesSummary) => number) =>
    summaries.reduce((sum, summary) => sum + pick(summary), 0);
  const anomaliesOf = (summary: SeriesSummary) => summary.anomalies.length;
  const days = total((summary) => summary.days);
  const perWeek = (anomalies: number, during: number) =>
    during > 0 ? ((anomalies / during) * 7).toFixed(2) : '-';
  const lines = [
    ['series', 'rows', 'bad', 'step', 'days', 'alarms', 'anomalies', 'a week', 'worst'],
    ...summaries.map((summary) => [
      summary.name,
      String(summary.rows),
      String(summary.bad),
      `${summary.stepSeconds}s`,
      summary.days.toFixed(1),
      String(summary.alarms),
      String(anomaliesOf(summary)),
      perWeek(anomaliesOf(summary), summary.days),
      worst(summary),
    ]),
  ];
  if (summaries.length > 1)
    lines.push([
      `${summaries.length} series`,
      String(total((summary) => summary.rows)),
      String(total((summary) => summary.bad)),
      '',
      days.toFixed(1),
      String(total((summary) => summary.alarms)),
      String(total(anomaliesOf)),
      perWeek(total(anomaliesOf), days),
      '',
    ]);
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const textColumns = new Set([0, 8]);
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          textColumns.has(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function worst({ anomalies }: SeriesSummary): string {
  const order = ['low', 'medium', 'high', 'critical'];
  return anomalies.reduce(
    (most, { severity }) => (order.indexOf(severity) > order.indexOf(most) ? severity : most),
    '',
  );
}
