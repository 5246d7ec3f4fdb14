import { CHECKOUT_FRESH_SECONDS } from '@aiops-sre/conventions/services.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { stat } from '../panels/stat.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/checkout.ts';

const NO_ORDERS = 'No order ended';

export const fulfilledShare = () =>
  stat({
    title: 'Orders that ended well',
    description:
      'Share of the orders that ended in this time range which were fulfilled. Those that were rightly refused (payment declined, out of stock) are left out. The objective is 99.5 %.',
    unit: 'percentunit',
    decimals: 2,
    expression: queries.fulfilledShare,
    levels: levels(COLORS.bad, [0.99, COLORS.watch], [0.995, COLORS.good]),
    noValue: NO_ORDERS,
    filled: true,
  });

export const fulfilledPerMinute = () =>
  stat({
    title: 'Fulfilled a minute',
    description: 'Orders that were fulfilled each minute, over the last five.',
    unit: 'none',
    decimals: 1,
    expression: queries.fulfilledPerMinute,
    levels: NO_LEVELS,
    noValue: NO_ORDERS,
  });

export const oldest = () =>
  stat({
    title: 'Oldest job',
    description: `How long the oldest job that is not done has been in its queue. Above ${CHECKOUT_FRESH_SECONDS} s the checkout is stale, which spends its error budget.`,
    unit: 's',
    decimals: 0,
    expression: queries.oldest,
    levels: levels(COLORS.good, [10, COLORS.watch], [CHECKOUT_FRESH_SECONDS, COLORS.bad]),
    noValue: 'The worker is not scraped',
    filled: true,
  });

export const waiting = () =>
  stat({
    title: 'Jobs not done',
    description: 'Jobs that wait, are being done, or will be tried again.',
    unit: 'none',
    decimals: 0,
    expression: queries.waiting,
    levels: NO_LEVELS,
    noValue: 'The worker is not scraped',
  });

export const dead = () =>
  stat({
    title: 'Dead letters',
    description:
      'Jobs that failed for as long as they were tried, and wait for a person. A ticket fires after a minute.',
    unit: 'none',
    decimals: 0,
    expression: queries.dead,
    levels: levels(COLORS.good, [1, COLORS.act]),
    noValue: 'The worker is not scraped',
    filled: true,
  });

export const declinedShare = () =>
  stat({
    title: 'Payments declined',
    description:
      'Share of the charges in this time range that the provider declined. Some 1 % are, by its rule.',
    unit: 'percentunit',
    decimals: 1,
    expression: queries.declinedShare,
    levels: levels(COLORS.good, [0.05, COLORS.watch], [0.2, COLORS.act]),
    noValue: 'No payment',
  });

export const ended = () =>
  timeSeries({
    title: 'Orders that ended',
    description: 'Orders each second, by how they ended and why.',
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{state}} {{reason}}': queries.endedByReason }),
  });

export const age = () =>
  timeSeries({
    title: 'Age of the oldest job',
    description: `How long the oldest job of each queue has been there. Above the dashed line, ${CHECKOUT_FRESH_SECONDS} s, the checkout is stale.`,
    unit: 's',
    levels: levels(COLORS.plain, [CHECKOUT_FRESH_SECONDS, COLORS.act]),
    min: 0,
    softMax: CHECKOUT_FRESH_SECONDS,
    queries: rangeQueries({ '{{queue}}': queries.oldestByQueue }),
  });

export const jobs = () =>
  timeSeries({
    title: 'Jobs in the queues',
    description:
      'Jobs that wait (`ready`), are being done (`active`), or failed and will be tried again (`retry`).',
    unit: 'none',
    levels: NO_LEVELS,
    min: 0,
    softMax: 5,
    queries: rangeQueries({ '{{queue}} {{state}}': queries.jobs('ready|active|retry') }),
  });

export const deadOverTime = () =>
  timeSeries({
    title: 'Dead letters',
    description: 'Jobs that failed for good, by the queue they came from.',
    unit: 'none',
    levels: levels(COLORS.plain, [1, COLORS.act]),
    min: 0,
    softMax: 2,
    queries: rangeQueries({ '{{queue}}': queries.deadByQueue }),
  });

export const stepDuration = () =>
  timeSeries({
    title: 'Steps, 95th percentile',
    description: 'Seconds within which 95 % of a step’s runs were done, failed ones included.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.5,
    queries: rangeQueries({ '{{step}}': queries.stepP95 }),
  });

export const stepRate = () =>
  timeSeries({
    title: 'Steps each second',
    description: 'Runs of each step. One that runs more often than the one before is tried again.',
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{step}}': queries.stepRate }),
  });

export const charges = () =>
  timeSeries({
    title: 'Payments',
    description:
      'Charges that the provider answered each second, charged or declined; those asked for again count again.',
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{status}}': queries.charges }),
  });

export const paymentAnswers = () =>
  timeSeries({
    title: 'Answers of the payment provider',
    description:
      'Its answers each second by class: 4xx is a limit of the rate or a bad request, 5xx is its own failure.',
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{status_class}}': queries.paymentAnswers }),
  });
