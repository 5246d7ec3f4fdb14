import { instanceLinks, ofLabel } from '../links.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { exemplarQuery, rangeQueries, rangeQuery } from '../panels/prometheus-query.ts';
import { stateTimeline } from '../panels/state-timeline.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/fulfillment.ts';
import * as http from '../queries/http.ts';
import * as process from '../queries/process.ts';
import * as slo from '../queries/slo.ts';
import {
  ALLOWED_SHARE,
  ALLOWED_TEXT,
  FULFILLMENT,
  FULFILLMENT_REQUESTS,
  FULFILLMENT_SLO,
  VISITORS,
} from './scope.ts';

const LINKS = instanceLinks('fulfillment', ofLabel('instance'));

export const failures = () =>
  timeSeries({
    title: 'Failed documents, all instances',
    failures: true,
    lines: { 'error budget': { color: COLORS.plain, dashed: true } },
    description:
      'Share of all documents that fail, over 5 minutes, an hour and a day, and the share that the objective leaves.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.02,
    queries: rangeQueries({
      '5 min': queries.overallFailureShare('5m'),
      '1 h': queries.overallFailureShare('1h'),
      '1 d': queries.overallFailureShare('1d'),
      'error budget': slo.budget(FULFILLMENT_SLO),
    }),
  });

export const failuresByInstance = () =>
  timeSeries({
    title: 'Failed documents by instance',
    failures: true,
    description: `Share of the documents that each instance fails, over 5 minutes. The dashed line is what the objective leaves, ${ALLOWED_TEXT}.`,
    unit: 'percentunit',
    levels: levels(COLORS.plain, [ALLOWED_SHARE, COLORS.act]),
    min: 0,
    softMax: 0.02,
    links: LINKS,
    queries: rangeQueries({ '{{instance}}': queries.failureShare('5m') }),
  });

export const outages = () =>
  stateTimeline({
    title: 'Instances up and down',
    description:
      'When Prometheus reached each instance. Where nothing is drawn it was not among those to be scraped.',
    unit: 'none',
    levels: levels(COLORS.bad, [1, COLORS.good]),
    mappings: [valueTexts({ 0: { text: 'Down', color: COLORS.bad }, 1: { text: 'Up', color: COLORS.good } })],
    queries: rangeQueries({ '{{instance}}': process.up(FULFILLMENT) }),
  });

export const shareUp = () =>
  timeSeries({
    title: 'Share of instances up',
    description:
      'Share of the instances that Prometheus reaches. At half or less (upper dashed line) a ticket fires, at a quarter or less a page.',
    unit: 'percentunit',
    levels: levels(COLORS.plain, [0.25, COLORS.bad], [0.5, COLORS.act]),
    min: 0,
    max: 1,
    queries: rangeQueries({ up: process.shareUp(FULFILLMENT) }),
  });

export const documents = () =>
  timeSeries({
    title: 'Documents by instance',
    description: 'Documents that each instance is asked for a minute: the storefront spreads them evenly.',
    unit: 'suffix:/min',
    levels: NO_LEVELS,
    min: 0,
    links: LINKS,
    queries: rangeQueries({ '{{instance}}': `60 * ${queries.documentRate()}` }),
  });

export const latency = () =>
  timeSeries({
    title: 'Latency by instance, 95 %',
    description:
      '95 % of the requests for a document are answered within this time, by instance. Dots are failed documents; a click leads to the trace.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.05,
    queries: [
      ...rangeQueries({
        '{{instance}}': `${http.latencyQuantile(FULFILLMENT_REQUESTS, 0.95, 'instance')} >= 0`,
      }),
      exemplarQuery('X', http.failedExemplars('fulfillment')),
    ],
  });

export const visitors = () =>
  timeSeries({
    title: 'What visitors see',
    lines: { failed: { color: COLORS.bad } },
    description:
      'Requests for a document at the storefront each second, and those answered with a 5xx status after another instance was tried once.',
    unit: 'reqps',
    levels: NO_LEVELS,
    min: 0,
    queries: [
      rangeQuery('A', 'requests', http.overallRate(VISITORS)),
      rangeQuery('B', 'failed', `sum(${http.failureRate(VISITORS)})`),
    ],
  });
