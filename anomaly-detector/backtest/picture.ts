import { isAlarm, type ReplayedRow } from './replay.ts';
import { niceTicks, timeTicks } from './ticks.ts';

const WIDTH = 1200;
const HEIGHT = 420;
const LEFT = 80;
const RIGHT = 20;
const TOP = 50;
const SCORE_TOP = 320;
const SCORE_HEIGHT = 50;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const PLOT_HEIGHT = SCORE_TOP - TOP - 20;

/** What is drawn in one column of pixels: thousands of rows would neither be seen nor load. */
interface Column {
  low: number;
  high: number;
  lower: number;
  upper: number;
  score: number;
  alarm: boolean;
}

/**
 * An SVG picture of one series: its values over the interval that was expected, alarms marked, the score below. Rows
 * that fall into one column of pixels are drawn as their range, so no peak is lost.
 */
export function picture(name: string, rows: readonly ReplayedRow[]): string {
  const points = rows.flatMap((replayed) =>
    'sample' in replayed.row && Number.isFinite(replayed.row.sample.value)
      ? [{ ...replayed.row.sample, replayed }]
      : [],
  );
  if (points.length === 0) return document(name, text(WIDTH / 2, HEIGHT / 2, 'no data', 'middle'));
  const from = points[0]!.timestampSeconds;
  const to = Math.max(points[points.length - 1]!.timestampSeconds, from + 1);
  const columns = new Map<number, Column>();
  for (const { timestampSeconds, value, replayed } of points) {
    const x = Math.round(((timestampSeconds - from) / (to - from)) * PLOT_WIDTH);
    if (x < 0 || x > PLOT_WIDTH) continue;
    const column = columns.get(x) ?? emptyColumn();
    columns.set(x, column);
    column.low = Math.min(column.low, value);
    column.high = Math.max(column.high, value);
    const { observation } = replayed;
    if (observation?.kind !== 'scored') continue;
    column.lower = Math.min(column.lower, observation.lower);
    column.upper = Math.max(column.upper, observation.upper);
    column.score = Math.max(column.score, observation.score);
    column.alarm ||= isAlarm(replayed);
  }
  return document(
    name,
    draw(
      [...columns].sort(([a], [b]) => a - b),
      from,
      to,
    ),
  );
}

const emptyColumn = (): Column => ({
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
  lower: Number.POSITIVE_INFINITY,
  upper: Number.NEGATIVE_INFINITY,
  score: 0,
  alarm: false,
});

function draw(columns: readonly (readonly [number, Column])[], from: number, to: number): string {
  const low = Math.min(...columns.map(([, column]) => column.low));
  const high = Math.max(...columns.map(([, column]) => column.high));
  const margin = (high - low || Math.abs(high) || 1) * 0.1;
  const bottom = low - margin;
  const top = high + margin;
  const y = (value: number): number => {
    const clamped = Math.min(Math.max(value, bottom), top);
    return round(TOP + PLOT_HEIGHT * (1 - (clamped - bottom) / (top - bottom)));
  };
  const scoreY = (score: number): number => round(SCORE_TOP + SCORE_HEIGHT * (1 - score));
  const banded = columns.filter(([, column]) => column.lower <= column.upper);
  const band = [
    ...banded.map(([x, column]) => `${LEFT + x},${y(column.upper)}`),
    ...banded.toReversed().map(([x, column]) => `${LEFT + x},${y(column.lower)}`),
  ];
  const line = columns.map(([x, column]) => `${LEFT + x},${y(column.high)} ${LEFT + x},${y(column.low)}`);
  const parts: string[] = [];
  for (const tick of niceTicks(bottom, top, 6))
    parts.push(
      `<path class="grid" d="M${LEFT} ${y(tick)}H${WIDTH - RIGHT}"/>`,
      text(LEFT - 8, y(tick) + 4, String(tick), 'end'),
    );
  for (const { at, label } of timeTicks(from, to, 9)) {
    const x = round(LEFT + ((at - from) / (to - from)) * PLOT_WIDTH);
    parts.push(`<path class="grid" d="M${x} ${TOP}V${SCORE_TOP + SCORE_HEIGHT}"/>`);
    // A label at the right edge would be cut off.
    parts.push(text(x, HEIGHT - 20, label, x > WIDTH - 60 ? 'end' : 'middle'));
  }
  if (band.length > 0) parts.push(`<polygon class="band" points="${band.join(' ')}"/>`);
  parts.push(`<polyline class="value" points="${line.join(' ')}"/>`);
  for (const [x, column] of columns) {
    if (column.score > 0)
      parts.push(
        `<path class="${column.alarm ? 'alarm' : 'score'}" d="M${LEFT + x} ${scoreY(0)}V${scoreY(column.score)}"/>`,
      );
    if (column.alarm) parts.push(`<circle class="alarm" cx="${LEFT + x}" cy="${y(column.high)}" r="4"/>`);
  }
  parts.push(`<path class="threshold" d="M${LEFT} ${scoreY(0.5)}H${WIDTH - RIGHT}"/>`);
  parts.push(text(LEFT - 8, scoreY(0.5) + 4, 'alarm 0.5', 'end'));
  return parts.join('\n');
}

const round = (x: number): number => Math.round(x * 10) / 10;

const escapeXml = (raw: string): string =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const text = (x: number, y: number, content: string, anchor: string): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapeXml(content)}</text>`;

function document(name: string, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">
<title>${escapeXml(name)}</title>
<style>
text{font:12px system-ui,sans-serif;fill:#444}.name{font-size:15px;fill:#111}.grid{stroke:#e5e5e5;fill:none}
.band{fill:#b9d6f2;opacity:.7}.value{fill:none;stroke:#1b4f8a;stroke-width:1}.score{stroke:#999}.threshold{stroke:#c62828;stroke-dasharray:4 4}
path.alarm{stroke:#c62828;stroke-width:2}circle.alarm{fill:none;stroke:#c62828;stroke-width:2}
</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text class="name" x="${LEFT}" y="24">${escapeXml(name)}</text>
<text x="${LEFT}" y="42">value (line), expected interval (band), alarms (circles); score below; times in UTC</text>
${content}
</svg>
`;
}
