import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

const RATE = '$__rate_interval';
const documents = (matchers: string, window = RATE) =>
  `rate(${METRICS.fulfillmentDocuments}{service="fulfillment"${matchers && `,${matchers}`}}[${window}])`;
const FAILED = 'document_status="failed"';

/** Documents a second, by instance or by another label. */
export const documentRate = (by = 'instance') => `sum by (${by}) (${documents('')})`;
/** Documents a second of all instances. */
export const overallDocumentRate = `sum(${documents('')})`;

/** Share of an instance's documents that fail, 0..1, over a window; absent for one that gets none. */
export const failureShare = (window?: string) =>
  `sum by (instance) (${documents(FAILED, window)}) / (sum by (instance) (${documents('', window)}) > 0)`;

/** Share of all documents that fail, 0..1, over a window. */
export const overallFailureShare = (window?: string) =>
  `sum(${documents(FAILED, window)}) / (sum(${documents('', window)}) > 0)`;
