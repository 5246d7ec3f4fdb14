import type { ChaosReport } from './chaos-report-schema.ts';

const SIZE = 340;
const MARGIN = { left: 60, right: 20, top: 20, bottom: 50 } as const;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/**
 * A reliability diagram (DeGroot and Fienberg 1983) as SVG: how sure probable roots were said to be against how many were right, with
 * the 95 % interval. On the diagonal what was said is what was so; above it, too little was claimed.
 */
export function calibrationPicture(calibration: ChaosReport['calibration']): string {
  const x = (share: number) => (MARGIN.left + share * SIZE).toFixed(1);
  const y = (share: number) => (MARGIN.top + (1 - share) * SIZE).toFixed(1);
  const line = (from: readonly [number, number], to: readonly [number, number], stroke: string) =>
    `<line x1="${x(from[0])}" y1="${y(from[1])}" x2="${x(to[0])}" y2="${y(to[1])}" ${stroke}/>`;
  const text = (at: readonly [string, string], anchor: string, words: string, more = '') =>
    `<text x="${at[0]}" y="${at[1]}" text-anchor="${anchor}" fill="currentColor"${more}>${words}</text>`;
  const grid = TICKS.flatMap((tick) => [
    line([tick, 0], [tick, 1], 'stroke="currentColor" stroke-opacity="0.15"'),
    line([0, tick], [1, tick], 'stroke="currentColor" stroke-opacity="0.15"'),
    text([x(tick), String(MARGIN.top + SIZE + 18)], 'middle', `${tick * 100} %`),
    text([String(MARGIN.left - 8), String(Number(y(tick)) + 4)], 'end', `${tick * 100} %`),
  ]);
  const points = calibration.flatMap(({ meanConfidence, right: { hits, of, interval } }) =>
    meanConfidence === null
      ? []
      : [
          line(
            [meanConfidence, interval[0]],
            [meanConfidence, interval[1]],
            'stroke="#1f60c4" stroke-width="2"',
          ),
          `<circle cx="${x(meanConfidence)}" cy="${y(hits / of)}" r="5" fill="#1f60c4"/>`,
          text(
            [String(Number(x(meanConfidence)) - 9), String(Number(y(hits / of)) - 8)],
            'end',
            `${hits} of ${of}`,
          ),
        ],
  );
  const width = MARGIN.left + SIZE + MARGIN.right;
  const height = MARGIN.top + SIZE + MARGIN.bottom;
  const middle = String(MARGIN.top + SIZE / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" role="img" aria-label="How sure, and how often right">`,
    '<style>svg { color: #24292f } @media (prefers-color-scheme: dark) { svg { color: #d0d7de } }</style>',
    ...grid,
    line([0, 0], [1, 1], 'stroke="currentColor" stroke-dasharray="4 4"'),
    ...points,
    text([x(0.5), String(height - 10)], 'middle', 'how sure it was'),
    text(['14', middle], 'middle', 'right', ` transform="rotate(-90 14 ${middle})"`),
    '</svg>\n',
  ].join('\n');
}
