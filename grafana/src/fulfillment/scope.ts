import type { HttpScope } from '../queries/http.ts';
import type { SloScope } from '../queries/slo.ts';

export const FULFILLMENT = 'service="fulfillment"';
export const FULFILLMENT_SLO: SloScope = `slo="fulfillment-success",${FULFILLMENT}`;
export const FULFILLMENT_REQUESTS: HttpScope = { service: 'fulfillment' };
/** The storefront's side: after a document was tried on another instance. */
export const VISITORS: HttpScope = { service: 'storefront', routes: '/api/documents' };

export const NO_DOCUMENTS = 'No documents';
