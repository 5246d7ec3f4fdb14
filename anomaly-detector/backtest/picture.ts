import { relative } from 'node:path';
import type { LabelledWindow } from './nab-score.ts';
import { isAlarm, type Replay, type ReplayedRow } from './replay.ts';
import { niceTicks, timeTicks } from './ticks.ts';

const WIDTH = 1200;
const PANEL_HEIGHT = 390;
const TITLE_HEIGHT = 50;
const LEFT = 80;
const RIGHT = 20;
const TOP = 12;
const SCORE_TOP = 270;
const SCORE_HEIGHT = 50;
const LABELS_TOP = 328;
const LABELS_HEIGHT = 8;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const PLOT_HEIGHT = SCORE_TOP - TOP - 20;
/** So much is seen before and after what is looked at closely. */
const CLOSE_SECONDS = 12 * 3600;
/** A value further beyond the others than so many times their range is drawn at the edge. */
const MOST_RANGES = 4;

/** What is drawn in one column of pixels: thousands of rows would neither be seen nor load. */
interface Column {
  low: number;
  high: number;
  lower: number;
  upper: number;
  expected: number;
  score: number;
  alarm: boolean;
}

interface Point {
  readonly atSeconds: number;
  readonly value: number;
  readonly replayed: ReplayedRow;
}

/**
 * An SVG picture of one series: its values over the interval that was expected, anomalies shaded, alarms marked, the score below,
 * and below that what is labelled. A second panel has the first label, or the worst anomaly, from close by. Rows that fall
 * into one column of pixels are drawn as their range, so no peak is lost.
 */
export function picture(name: string, result: Replay, windows: readonly LabelledWindow[] = []): string {
  const points = result.rows.flatMap((replayed): Point[] =>
    'sample' in replayed.row && Number.isFinite(replayed.row.sample.value)
      ? [{ atSeconds: replayed.row.sample.timestampSeconds, value: replayed.row.sample.value, replayed }]
      : [],
  );
  if (points.length === 0) return document(name, [text(WIDTH / 2, PANEL_HEIGHT / 2, 'no data', 'middle')]);
  const from = points[0]!.atSeconds;
  const to = Math.max(points.at(-1)!.atSeconds, from + 1);
  const panels = [panel(points, result, windows, [from, to])];
  const close = windows[0] ?? worstOf(result);
  if (close !== undefined)
    panels.push(panel(points, result, windows, [close[0] - CLOSE_SECONDS, close[1] + CLOSE_SECONDS]));
  return document(name, panels);
}

/** A page with the pictures of many series. @param folder where the page is */
export function pictureIndex(
  list: readonly { readonly name: string; readonly svg: string | undefined }[],
  folder: string,
): string {
  const figures = list.map(
    ({ name, svg = '' }) =>
      `<figure><figcaption>${escapeXml(name)}</figcaption><img loading="lazy" alt="" src="${escapeXml(encodeURI(relative(folder, svg)))}"></figure>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Backtest</title>
<style>body{font:14px system-ui,sans-serif;margin:16px}figure{margin:0 0 24px}img{max-width:100%}</style>
${figures.join('\n')}
</html>
`;
}

function worstOf({ anomalies }: Replay): LabelledWindow | undefined {
  const worst = [...anomalies].sort((a, b) => b.anomaly.score - a.anomaly.score)[0];
  if (worst === undefined) return undefined;
  const { startSeconds } = worst.anomaly;
  return [startSeconds, worst.endSeconds ?? startSeconds];
}

function panel(
  points: readonly Point[],
  { anomalies }: Replay,
  windows: readonly LabelledWindow[],
  [from, to]: LabelledWindow,
): string {
  const columns = columnsOf(points, from, to);
  if (columns.length === 0) return '';
  const x = (seconds: number): number =>
    round(LEFT + (Math.min(Math.max(seconds - from, 0), to - from) / (to - from)) * PLOT_WIDTH);
  const [bottom, top] = rangeOf(columns);
  const y = (value: number): number => {
    const clamped = Math.min(Math.max(value, bottom), top);
    return round(TOP + PLOT_HEIGHT * (1 - (clamped - bottom) / (top - bottom)));
  };
  const scoreY = (score: number): number => round(SCORE_TOP + SCORE_HEIGHT * (1 - score));
  const stretch = (kind: string, start: number, end: number, at: number, height: number) =>
    end < from || start > to
      ? []
      : [
          `<rect class="${kind}" x="${x(start)}" y="${at}" width="${Math.max(1, round(x(end) - x(start)))}" height="${height}"/>`,
        ];
  const parts: string[] = [];
  for (const { anomaly, endSeconds = to } of anomalies)
    parts.push(...stretch('anomaly', anomaly.startSeconds, endSeconds, TOP, PLOT_HEIGHT));
  for (const [start, end] of windows) parts.push(...stretch('label', start, end, LABELS_TOP, LABELS_HEIGHT));
  for (const tick of niceTicks(bottom, top, 6))
    parts.push(
      `<path class="grid" d="M${LEFT} ${y(tick)}H${WIDTH - RIGHT}"/>`,
      text(LEFT - 8, y(tick) + 4, String(tick), 'end'),
    );
  for (const { at, label } of timeTicks(from, to, 9)) {
    parts.push(`<path class="grid" d="M${x(at)} ${TOP}V${SCORE_TOP + SCORE_HEIGHT}"/>`);
    // A label at the right edge would be cut off.
    parts.push(text(x(at), PANEL_HEIGHT - 30, label, x(at) > WIDTH - 60 ? 'end' : 'middle'));
  }
  const known = columns.filter(([, column]) => column.lower <= column.upper);
  const line = (kind: string, coordinates: readonly string[]) =>
    `<polyline class="${kind}" points="${coordinates.join(' ')}"/>`;
  if (known.length > 0) {
    const band = [
      ...known.map(([at, column]) => `${LEFT + at},${y(column.upper)}`),
      ...known.toReversed().map(([at, column]) => `${LEFT + at},${y(column.lower)}`),
    ];
    parts.push(`<polygon class="band" points="${band.join(' ')}"/>`);
    parts.push(
      line(
        'expected',
        known.map(([at, column]) => `${LEFT + at},${y(column.expected)}`),
      ),
    );
  }
  parts.push(
    line(
      'value',
      columns.map(([at, { low, high }]) => `${LEFT + at},${y(high)} ${LEFT + at},${y(low)}`),
    ),
  );
  for (const [at, { score, alarm, high }] of columns) {
    if (score > 0)
      parts.push(
        `<path class="${alarm ? 'alarm' : 'score'}" d="M${LEFT + at} ${scoreY(0)}V${scoreY(score)}"/>`,
      );
    if (alarm) parts.push(`<circle class="alarm" cx="${LEFT + at}" cy="${y(high)}" r="4"/>`);
  }
  parts.push(`<path class="threshold" d="M${LEFT} ${scoreY(0.5)}H${WIDTH - RIGHT}"/>`);
  parts.push(text(LEFT - 8, scoreY(0.5) + 4, 'alarm 0.5', 'end'));
  return parts.join('\n');
}

/** By pixels from the left, in order. */
function columnsOf(
  points: readonly Point[],
  from: number,
  to: number,
): readonly (readonly [number, Column])[] {
  const columns = new Map<number, Column>();
  for (const { atSeconds, value, replayed } of points) {
    if (atSeconds < from || atSeconds > to) continue;
    const at = Math.round(((atSeconds - from) / (to - from)) * PLOT_WIDTH);
    const column = columns.get(at) ?? emptyColumn();
    columns.set(at, column);
    column.low = Math.min(column.low, value);
    column.high = Math.max(column.high, value);
    const { observation } = replayed;
    if (observation?.kind !== 'scored') continue;
    column.lower = Math.min(column.lower, observation.lower);
    column.upper = Math.max(column.upper, observation.upper);
    column.expected = observation.expected;
    column.score = Math.max(column.score, observation.score);
    column.alarm ||= isAlarm(replayed);
  }
  return [...columns].sort(([a], [b]) => a - b);
}

const emptyColumn = (): Column => ({
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
  lower: Number.POSITIVE_INFINITY,
  upper: Number.NEGATIVE_INFINITY,
  expected: Number.NaN,
  score: 0,
  alarm: false,
});

/** What the vertical axis spans. One impossible value shall not make a line of all others. */
function rangeOf(columns: readonly (readonly [number, Column])[]): readonly [number, number] {
  const lows = columns.map(([, { low }]) => low).sort((a, b) => a - b);
  const highs = columns.map(([, { high }]) => high).sort((a, b) => a - b);
  const rare = Math.floor(columns.length / 100);
  const [usualLow, usualHigh] = [lows[rare]!, highs[highs.length - 1 - rare]!];
  const reach = MOST_RANGES * (usualHigh - usualLow || Math.abs(usualHigh) || 1);
  const low = Math.max(lows[0]!, usualLow - reach);
  const high = Math.min(highs.at(-1)!, usualHigh + reach);
  const margin = (high - low || Math.abs(high) || 1) * 0.1;
  return [low - margin, high + margin];
}

const round = (x: number): number => Math.round(x * 10) / 10;

const escapeXml = (raw: string): string =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const text = (x: number, y: number, content: string, anchor: string): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapeXml(content)}</text>`;

function document(name: string, panels: readonly string[]): string {
  const height = TITLE_HEIGHT + panels.length * PANEL_HEIGHT;
  const placed = panels.map(
    (content, index) =>
      `<g transform="translate(0 ${TITLE_HEIGHT + index * PANEL_HEIGHT})">\n${content}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escapeXml(name)}</title>
<style>
text{font:12px system-ui,sans-serif;fill:#444}.name{font-size:15px;fill:#111}.grid{stroke:#e5e5e5;fill:none}
.band{fill:#b9d6f2;opacity:.7}.expected{fill:none;stroke:#7fa8d4;stroke-width:1}.value{fill:none;stroke:#1b4f8a;stroke-width:1}
.score{stroke:#999}.threshold{stroke:#c62828;stroke-dasharray:4 4}.anomaly{fill:#f9d9d7}.label{fill:#2e7d32}
path.alarm{stroke:#c62828;stroke-width:2}circle.alarm{fill:none;stroke:#c62828;stroke-width:2}
</style>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text class="name" x="${LEFT}" y="24">${escapeXml(name)}</text>
<text x="${LEFT}" y="42">value (line), expected interval (band), anomalies (shaded), alarms (circles); score; what is labelled (green); times in UTC</text>
${placed.join('\n')}
</svg>
`;
}
