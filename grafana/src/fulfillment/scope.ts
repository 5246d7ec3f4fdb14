import { readSloIndex } from '@aiops-sre/slo/generated/committed-index.ts';
import { pageFactor } from '../burn-rate-pairs.ts';
import type { HttpScope } from '../queries/http.ts';
import type { SloScope } from '../queries/slo.ts';

export const FULFILLMENT = 'service="fulfillment"';
export const FULFILLMENT_SLO: SloScope = `slo="fulfillment-success",${FULFILLMENT}`;
export const FULFILLMENT_REQUESTS: HttpScope = { service: 'fulfillment' };
/** Share of documents that the objective lets fail, 0..1, and the one at which a page's window is over its factor. */
export const ALLOWED_SHARE = readSloIndex().slos.find(
  ({ name }) => name === 'fulfillment-success',
)!.errorBudget;
export const PAGE_SHARE = ALLOWED_SHARE * Number(pageFactor('1h'));
export const ALLOWED_TEXT = `${Number((100 * ALLOWED_SHARE).toFixed(3))} %`;

/** The storefront's side: after a document was tried on another instance. */
export const VISITORS: HttpScope = { service: 'storefront', routes: '/api/documents' };

export const NO_DOCUMENTS = 'No documents';
