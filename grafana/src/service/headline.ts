import { FAILURE_LEVELS } from '../application/levels.ts';
import { DASHBOARD_UIDS, dashboardUrl } from '../links.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { stat } from '../panels/stat.ts';
import * as services from '../queries/services.ts';
import { BUDGET_LEVELS } from '../slo-levels.ts';

const { CHOSEN } = services;
const QUIET = 'No requests';

export const rate = () =>
  stat({
    title: 'Requests',
    description: 'Requests a second that it answers, and messages that it takes.',
    unit: 'reqps',
    decimals: 2,
    expression: services.rate(CHOSEN),
    levels: NO_LEVELS,
    noValue: QUIET,
  });

export const failures = () =>
  stat({
    title: 'Failed',
    description: 'Share of its requests that failed.',
    unit: 'percentunit',
    decimals: 2,
    expression: services.failedShare(CHOSEN),
    levels: FAILURE_LEVELS,
    noValue: QUIET,
  });

export const duration = () =>
  stat({
    title: '95 % within',
    description: 'Time within which 95 % of its requests were answered.',
    unit: 's',
    expression: services.answeredWithin(CHOSEN, 0.95),
    levels: NO_LEVELS,
    noValue: QUIET,
  });

export const busy = () =>
  stat({
    title: 'Busy',
    description: 'How busy its busiest process is, where one tells: event loop or processor time.',
    unit: 'percentunit',
    decimals: 0,
    expression: services.saturation(CHOSEN),
    levels: levels(COLORS.good, [0.6, COLORS.watch], [0.8, COLORS.act], [0.95, COLORS.bad]),
    noValue: 'Not told',
  });

export const budget = () =>
  stat({
    title: 'Least budget left',
    description: 'The smallest share of an error budget that is left, of all its SLOs.',
    unit: 'percentunit',
    decimals: 1,
    expression: services.leastBudget,
    levels: BUDGET_LEVELS,
    links: [{ title: 'All SLOs', url: dashboardUrl(DASHBOARD_UIDS.sloOverview) }],
    noValue: 'No SLO yet',
  });

export const anomalies = () =>
  stat({
    title: 'Anomalies',
    description: 'Series of it that are outside of what the detector expects now.',
    unit: 'none',
    expression: services.anomalies(CHOSEN),
    levels: levels(COLORS.good, [1, COLORS.watch]),
    links: [{ title: 'Anomalies', url: dashboardUrl(DASHBOARD_UIDS.anomalies) }],
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: QUIET,
  });
