import { METRICS, STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { DASHBOARD_UIDS, dashboardUrl, variable } from '../links.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { stat } from '../panels/stat.ts';
import * as http from '../queries/http.ts';
import * as process from '../queries/process.ts';
import { APDEX_LEVELS, CORE_LEVELS, FAILURE_LEVELS, LAG_LEVELS, OUTAGE_LEVELS } from './levels.ts';
import { NO_PROCESS, NO_REQUESTS, PROCESSES, REQUESTS } from './scope.ts';

const TRACES = [
  {
    title: 'Traces of this service',
    url: dashboardUrl(DASHBOARD_UIDS.tracing, { service: variable('service') }),
  },
];

export const instancesUp = () =>
  stat({
    title: 'Instances up',
    description:
      'Share of the instances that Prometheus reaches. At half a ticket fires, at a quarter a page.',
    unit: 'percentunit',
    decimals: 0,
    expression: process.shareUp(PROCESSES),
    levels: OUTAGE_LEVELS,
    noValue: NO_PROCESS,
  });

export const rate = () =>
  stat({
    title: 'Requests',
    description: 'Requests answered each second, whatever the answer.',
    unit: 'reqps',
    decimals: 1,
    expression: http.overallRate(REQUESTS),
    levels: NO_LEVELS,
    links: [
      {
        title: 'This service by its spans',
        url: dashboardUrl(DASHBOARD_UIDS.service, { service: variable('service') }),
      },
    ],
    noValue: NO_REQUESTS,
  });

export const failures = () =>
  stat({
    title: 'Failed',
    description: 'Share of the requests that are answered with a 5xx status.',
    unit: 'percentunit',
    decimals: 2,
    expression: http.overallFailureRatio(REQUESTS),
    levels: FAILURE_LEVELS,
    links: TRACES,
    noValue: NO_REQUESTS,
  });

export const latency = () =>
  stat({
    title: 'Latency',
    description: `95 % of the requests are answered within this time. Red from the storefront's objective on, ${STOREFRONT_LATENCY_OBJECTIVE_SECONDS} s.`,
    unit: 's',
    expression: http.latencyQuantile(REQUESTS, 0.95),
    levels: levels(
      COLORS.good,
      [STOREFRONT_LATENCY_OBJECTIVE_SECONDS / 2, COLORS.watch],
      [STOREFRONT_LATENCY_OBJECTIVE_SECONDS, COLORS.bad],
    ),
    links: TRACES,
    noValue: NO_REQUESTS,
  });

export const apdexNow = () =>
  stat({
    title: 'Apdex',
    description: `How content callers are, 0 to 1: answered within ${http.APDEX_TARGET_SECONDS} s counts whole, within ${4 * http.APDEX_TARGET_SECONDS} s half, failed not at all.`,
    unit: 'none',
    decimals: 2,
    expression: http.apdex(REQUESTS),
    levels: APDEX_LEVELS,
    noValue: NO_REQUESTS,
  });

export const busiest = () =>
  stat({
    title: 'CPU',
    description:
      'Processor time of the busiest instance, as a share of one core: its event loop cannot use more.',
    unit: 'percentunit',
    decimals: 0,
    expression: `max(${process.cpu(PROCESSES)})`,
    levels: CORE_LEVELS,
    noValue: NO_PROCESS,
  });

export const lag = () =>
  stat({
    title: 'Loop lag',
    description:
      'How late the event loop of the slowest instance is in 1 of 100 turns: every request waits that long.',
    unit: 's',
    expression: `max(${process.eventLoopLag(PROCESSES)})`,
    levels: LAG_LEVELS,
    noValue: NO_PROCESS,
  });

export const fault = () =>
  stat({
    title: 'Faults',
    description:
      'Faults that somebody has switched on in this service for a drill, over all instances and kinds.',
    unit: 'none',
    expression: `sum(${METRICS.demoFaultActive}{${PROCESSES}})`,
    levels: levels(COLORS.good, [1, COLORS.act]),
    mappings: [valueTexts({ 0: { text: 'None', color: COLORS.good } })],
    noValue: 'Not told',
  });
