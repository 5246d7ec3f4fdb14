import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { COLORS, levels } from '../panels/levels.ts';
import { traceTable } from '../panels/trace-table.ts';
import { failedTraces, slowTraces } from '../queries/tracing.ts';

const DURATION_LEVELS = levels(COLORS.plain, [STOREFRONT_LATENCY_OBJECTIVE_SECONDS * 1000, COLORS.bad]);

export const slowest = () =>
  traceTable({
    title: 'Slowest traces',
    description:
      'Traces in which the service answered on the chosen routes slower than the limit above, the slowest of the newest 100 first. Every trace is kept; where more come than Tempo takes, every one slower than the latency objective is, and one in ten of the rest.',
    traceql: slowTraces('$service', '$route', '$slower'),
    durationLevels: DURATION_LEVELS,
    sortBy: 'Duration',
    noValue: 'No trace is that slow in this time range',
  });

export const failing = () =>
  traceTable({
    title: 'Failing traces',
    description:
      'Traces in which a span of the service failed on the chosen routes, the newest first. Every one of them is kept.',
    traceql: failedTraces('$service', '$route'),
    durationLevels: DURATION_LEVELS,
    sortBy: 'Start',
    noValue: 'No trace failed in this time range',
  });
