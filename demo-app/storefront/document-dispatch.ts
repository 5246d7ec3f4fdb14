import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { AxiosInstance } from 'axios';
import { type Document, type ProcessedDocument, processedDocumentSchema } from '../fulfillment/document.ts';
import { failureOf } from '../http/json-client.ts';

/**
 * Hands documents to fulfillment's instances in turn, and a document that failed to the next instance, once: one bad
 * instance is then not the storefront's outage.
 *
 * @param instances a client for each, at least one
 * @returns a function that throws {@link HttpError}: 502 when fulfillment answered with failure, 503 when it did not
 */
export function createDocumentDispatch(instances: readonly AxiosInstance[]) {
  let turn = 0;
  return async (document: Document): Promise<ProcessedDocument> => {
    const first = turn;
    turn = (turn + 1) % instances.length;
    try {
      return await send(instances[first]!, document);
    } catch {
      return await send(instances[(first + 1) % instances.length]!, document);
    }
  };
}

async function send(instance: AxiosInstance, document: Document): Promise<ProcessedDocument> {
  const answer = await instance.post('/api/documents', document).catch((error: unknown) => {
    throw new HttpError(503, 'fulfillment is not available', {
      retryAfterSeconds: 1,
      cause: new Error(`fulfillment: ${failureOf(error)}`),
    });
  });
  const processed = processedDocumentSchema.safeParse(answer.data);
  if (answer.status !== 200 || !processed.success)
    throw new HttpError(502, 'fulfillment failed the document', {
      cause: new Error(`fulfillment answered ${answer.status}`),
    });
  return processed.data;
}
