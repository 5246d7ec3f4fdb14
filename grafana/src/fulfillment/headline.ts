import { FAILURE_LEVELS, OUTAGE_LEVELS } from '../application/levels.ts';
import { DASHBOARD_UIDS, dashboardUrl, sloDetailUrl } from '../links.ts';
import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { stat } from '../panels/stat.ts';
import { overallDocumentRate, overallFailureShare } from '../queries/fulfillment.ts';
import { overallFailureRatio } from '../queries/http.ts';
import { shareUp } from '../queries/process.ts';
import * as slo from '../queries/slo.ts';
import { BUDGET_LEVELS, STATE_LEVELS, STATE_TEXTS, STATES_EXPLAINED } from '../slo-levels.ts';
import {
  ALLOWED_SHARE,
  ALLOWED_TEXT,
  FULFILLMENT,
  FULFILLMENT_SLO,
  NO_DOCUMENTS,
  PAGE_SHARE,
  VISITORS,
} from './scope.ts';

const DETAIL = [{ title: 'Details of this SLO', url: sloDetailUrl('fulfillment-success', 'fulfillment') }];

export const state = () =>
  stat({
    title: 'State',
    description: `The worst that holds of the objective for documents. ${STATES_EXPLAINED}`,
    unit: 'none',
    expression: slo.state(FULFILLMENT_SLO),
    levels: STATE_LEVELS,
    mappings: [STATE_TEXTS],
    links: DETAIL,
    noValue: 'The SLO is not recorded',
    filled: true,
  });

export const instancesUp = () =>
  stat({
    title: 'Instances up',
    description:
      'Share of the instances that Prometheus reaches. At half a ticket fires, at a quarter a page.',
    unit: 'percentunit',
    decimals: 0,
    expression: shareUp(FULFILLMENT),
    levels: OUTAGE_LEVELS,
    noValue: 'Not scraped',
  });

export const rate = () =>
  stat({
    title: 'Documents',
    description: 'Documents that fulfillment is asked for each minute, retries included.',
    unit: 'suffix:/min',
    decimals: 1,
    expression: `60 * ${overallDocumentRate}`,
    levels: NO_LEVELS,
    noValue: NO_DOCUMENTS,
  });

export const failing = () =>
  stat({
    title: 'Failed, 5 min',
    description: `Share of the documents that failed in the last 5 minutes, retries included. The objective leaves ${ALLOWED_TEXT}.`,
    unit: 'percentunit',
    decimals: 1,
    expression: overallFailureShare('5m'),
    levels: levels(COLORS.good, [ALLOWED_SHARE, COLORS.act], [PAGE_SHARE, COLORS.bad]),
    noValue: NO_DOCUMENTS,
  });

export const budgetLeft = () =>
  stat({
    title: 'Budget left',
    description: 'Share of the error budget that is left. Below zero the objective is missed.',
    unit: 'percentunit',
    decimals: 1,
    expression: slo.budgetRemaining(FULFILLMENT_SLO),
    levels: BUDGET_LEVELS,
    links: DETAIL,
    noValue: NO_DOCUMENTS,
  });

export const visitors = () =>
  stat({
    title: 'Failed for visitors',
    description:
      'Share of requests for a document that the storefront answers with a 5xx status, after another instance was tried once.',
    unit: 'percentunit',
    decimals: 2,
    expression: overallFailureRatio(VISITORS),
    levels: FAILURE_LEVELS,
    links: [
      {
        title: 'This route in Application',
        url: dashboardUrl(DASHBOARD_UIDS.application, { service: 'storefront', route: '/api/documents' }),
      },
    ],
    noValue: NO_DOCUMENTS,
  });
