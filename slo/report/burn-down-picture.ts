import type { CalendarMonth } from './calendar-month.ts';
import type { SloMonth } from './slo-month.ts';

const WIDTH = 720;
const HEIGHT = 180;
const MARGIN = { left: 56, right: 12, top: 12, bottom: 26 } as const;

/** What is left of the budget by day, as SVG: the line a steady burn would take beside it, zero marked. */
export function burnDownPicture(burnDown: SloMonth['burnDown'], month: CalendarMonth, name: string): string {
  const lowest = Math.min(0, ...burnDown.map(({ left }) => left));
  const bottom = lowest < 0 ? Math.max(lowest, -4) * 1.05 : 0;
  const x = (seconds: number) =>
    MARGIN.left +
    ((seconds - month.fromSeconds) / (month.untilSeconds - month.fromSeconds)) *
      (WIDTH - MARGIN.left - MARGIN.right);
  const y = (left: number) =>
    MARGIN.top + ((1 - Math.max(left, bottom)) / (1 - bottom)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const points = [{ atSeconds: month.fromSeconds, left: 1 }, ...burnDown];
  const line = points
    .map(({ atSeconds, left }) => `${x(atSeconds).toFixed(1)},${y(left).toFixed(1)}`)
    .join(' ');
  const ticks = [...new Set([1, 0.5, 0, ...(bottom < -0.2 ? [Math.round(bottom * 10) / 10] : [])])];
  const last = points.at(-1)!;
  const days = [1, 8, 15, 22, 29].map((day) => ({ day, at: x(month.fromSeconds + (day - 1) * 86_400) }));
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(`Error budget left of ${name}, by day: ${Math.round(last.left * 100)} % at the end`)}">`,
    ...ticks.map(
      (left) =>
        `<line class="${left === 0 ? 'zero' : 'grid'}" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(left).toFixed(1)}" y2="${y(left).toFixed(1)}"/>` +
        `<text x="${MARGIN.left - 8}" y="${(y(left) + 4).toFixed(1)}" text-anchor="end">${Math.round(left * 100)} %</text>`,
    ),
    ...days.map(({ day, at }) => `<text x="${at.toFixed(1)}" y="${HEIGHT - 8}">${day}</text>`),
    `<line class="steady" x1="${x(month.fromSeconds)}" y1="${y(1)}" x2="${x(month.untilSeconds)}" y2="${y(0)}"/>`,
    `<polyline class="${last.left < 0 ? 'left spent' : 'left'}" points="${line}"/>`,
    '</svg>',
  ].join('\n');
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
