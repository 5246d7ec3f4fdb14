import { setTimeout as sleep } from 'node:timers/promises';
import { DOCUMENT_STATUSES, METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { answerFor, HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import { Counter, type Registry } from 'prom-client';
import { parseBody, readJson } from '../http/json-body.ts';
import type { ApiRoute } from '../http/service.ts';
import { documentSchema, type ProcessedDocument } from './document.ts';
import { type FailureFactorOptions, failureFactorAt } from './failure-factor.ts';

export const FULFILLMENT_ROUTES = [{ method: 'POST', route: '/api/documents' }] as const;

/** Time a document takes: a fixed part and one for each page. */
const PROCESSING_MS = { base: 5, perPage: 1, jitter: 10 } as const;

interface FulfillmentApiOptions {
  readonly registry: Registry;
  readonly failure: FailureFactorOptions;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
  /** @returns milliseconds since the epoch */
  readonly now: () => number;
}

/** Processes documents, and fails a share of them on purpose. Failed ones are answered with 500. */
export function fulfillmentApi({ registry, failure, random, now }: FulfillmentApiOptions): ApiRoute[] {
  const documents = new Counter({
    name: METRICS.fulfillmentDocuments,
    help: 'Documents by how they ended. Malformed requests are not documents.',
    labelNames: ['document_status'] as const,
    registers: [registry],
  });
  for (const document_status of DOCUMENT_STATUSES) documents.inc({ document_status }, 0);

  return [
    {
      ...FULFILLMENT_ROUTES[0],
      handlers: [
        readJson(),
        async (request, response) => {
          const { pages } = parseBody(request, documentSchema);
          await sleep(PROCESSING_MS.base + PROCESSING_MS.perPage * pages + random() * PROCESSING_MS.jitter);
          if (random() < failureFactorAt(failure, now())) throw new HttpError(500, 'document failed');
          documents.inc({ document_status: 'processed' });
          response.json({ status: 'processed' } satisfies ProcessedDocument);
        },
      ],
      onError: (error) => {
        if (answerFor(error).status >= 500) documents.inc({ document_status: 'failed' });
      },
    },
  ];
}
