import { BURN_RATE_PAIRS } from './burn-rate-pairs.ts';
import { COLORS, type Color, levels } from './panels/levels.ts';
import { textFrom, valueTexts } from './panels/mappings.ts';
import { NEVER_SECONDS, RANK, STATE } from './queries/slo.ts';

const DAY_SECONDS = 86_400;

/** What each value of an SLO's state means, in a word. */
export const STATE_TEXTS = valueTexts({
  [STATE.onTrack]: { text: 'Fine', color: COLORS.good },
  [STATE.budgetLow]: { text: 'Budget low', color: COLORS.watch },
  [STATE.recovering]: { text: 'Recovering', color: COLORS.watch },
  [STATE.burning]: { text: 'Burning', color: COLORS.act },
  [STATE.ticket]: { text: 'Ticket', color: COLORS.act },
  [STATE.page]: { text: 'Page', color: COLORS.bad },
});

/** The states in words, for descriptions. */
export const STATES_EXPLAINED =
  'Fine; Budget low: at most half of the error budget is left; Recovering: the last 5 minutes are fine, the last hours are not yet; Burning: the last 5 minutes burned fast enough for a page; Ticket or Page: such an alert fires.';

export const RANK_COLORS = {
  [RANK.page]: COLORS.bad,
  [RANK.ticket]: COLORS.act,
  [RANK.info]: COLORS.info,
} as const;

/** Severities of alerts, in a word. */
export const SEVERITY_TEXTS = valueTexts({
  [RANK.page]: { text: 'Page', color: COLORS.bad },
  [RANK.ticket]: { text: 'Ticket', color: COLORS.act },
  [RANK.info]: { text: 'Info', color: COLORS.info },
});

export const STATE_LEVELS = levels(
  COLORS.good,
  [STATE.budgetLow, COLORS.watch],
  [STATE.burning, COLORS.act],
  [STATE.page, COLORS.bad],
);

/** Budget left, by the tiers of the error-budget policy: half, a fifth, nothing. */
export const BUDGET_LEVELS = levels(
  COLORS.bad,
  [0.000001, COLORS.act],
  [0.2, COLORS.watch],
  [0.5, COLORS.good],
);

export const EXHAUSTION_LEVELS = levels(
  COLORS.bad,
  [DAY_SECONDS, COLORS.act],
  [3 * DAY_SECONDS, COLORS.watch],
  [30 * DAY_SECONDS, COLORS.good],
);

/** Beyond a year nobody plans by this number. */
export const EXHAUSTION_TEXTS = [
  valueTexts({ 0: { text: 'exhausted', color: COLORS.bad } }),
  textFrom(Math.min(365 * DAY_SECONDS, NEVER_SECONDS), { text: 'not in sight', color: COLORS.good }),
];

/** From which burn rate a window meets its half of a pair's condition: a page's factor is bad, a ticket's is to act on. */
export function burnLevels(window: string, base: Color = COLORS.good) {
  const steps = BURN_RATE_PAIRS.filter((pair) => pair.long === window || pair.short === window)
    .map((pair) => [Number(pair.factor), pair.severity === 'page' ? COLORS.bad : COLORS.act] as const)
    .sort(([a], [b]) => a - b);
  return levels(base, ...steps);
}

/** The same for the one figure of an SLO: a budget that would not last its period is worth a look before any alert's factor. */
export function burnFigureLevels(window: string) {
  const { steps, ...rest } = burnLevels(window);
  return { ...rest, steps: [...steps.slice(0, 1), { value: 1, color: COLORS.watch }, ...steps.slice(1)] };
}

/** Levels of a severity's count of alerts. */
export const PAGE_COUNT_LEVELS = levels(COLORS.good, [1, COLORS.bad]);
export const TICKET_COUNT_LEVELS = levels(COLORS.good, [1, COLORS.act]);
