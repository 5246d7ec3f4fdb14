import { type BoardSlo, BUDGET_PAST_DAYS } from '../board/board.ts';
import { type Html, html } from '../html.ts';
import { linePath } from './sparkline.ts';

const PAST_WIDTH = 180;
const WIDTH = 240;
const HEIGHT = 44;
/** Of the forecast, in the same scale as the past. */
const AHEAD_DAYS = (BUDGET_PAST_DAYS * (WIDTH - PAST_WIDTH)) / PAST_WIDTH;

/** Budget left over the past days, and dashed how it goes on at the rate of the last hours. */
export function burnDown({ budgetPast, budgetLeft, exhaustionSeconds }: BoardSlo): Html | null {
  if (budgetLeft === null || budgetPast.filter((each) => each !== null).length < 2) return null;
  const scale = { width: PAST_WIDTH, height: HEIGHT, from: 0, to: 1 };
  const y = (share: number) => (HEIGHT - 1 - Math.min(Math.max(share, 0), 1) * (HEIGHT - 2)).toFixed(1);
  const daysLeft = exhaustionSeconds === null ? Number.POSITIVE_INFINITY : exhaustionSeconds / 86_400;
  const endDays = Math.min(daysLeft, AHEAD_DAYS);
  const left = Math.max(0, budgetLeft);
  const atEnd = Number.isFinite(daysLeft) && daysLeft > 0 ? left * (1 - endDays / daysLeft) : left;
  const x = PAST_WIDTH + (endDays / AHEAD_DAYS) * (WIDTH - PAST_WIDTH);
  const line = linePath(budgetPast, scale);
  return html`<svg class="burn-down" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><path class="zero" d="M0 ${HEIGHT - 1}H${WIDTH}"/><path class="now" d="M${PAST_WIDTH} 0V${HEIGHT}"/><path d="${line}"/>${left > 0 && html`<path class="forecast" d="M${PAST_WIDTH} ${y(left)}L${x.toFixed(1)} ${y(atEnd)}"/>`}</svg>`;
}
