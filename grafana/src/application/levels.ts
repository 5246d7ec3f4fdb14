import { COLORS, levels } from '../panels/levels.ts';

/** Share of failed requests: the storefront's availability objective leaves 1 in 1000. */
export const FAILURE_LEVELS = levels(
  COLORS.good,
  [0.001, COLORS.watch],
  [0.01, COLORS.act],
  [0.05, COLORS.bad],
);

/** Apdex' own grades: excellent from 0.94, good from 0.85, fair from 0.7. */
export const APDEX_LEVELS = levels(COLORS.bad, [0.7, COLORS.act], [0.85, COLORS.watch], [0.94, COLORS.good]);

/** Share of one core, of which an event loop can use no more than all. */
export const CORE_LEVELS = levels(COLORS.good, [0.6, COLORS.watch], [0.8, COLORS.act], [0.95, COLORS.bad]);

/** Event loop lag in seconds. About 10 ms is the resolution at which it is measured. */
export const LAG_LEVELS = levels(COLORS.good, [0.05, COLORS.watch], [0.1, COLORS.act], [0.5, COLORS.bad]);

/** From which share of instances on the alerts for outages are quiet: a ticket at half, a page at a quarter. */
export const OUTAGE_LEVELS = levels(COLORS.bad, [0.26, COLORS.act], [0.51, COLORS.watch], [1, COLORS.good]);
