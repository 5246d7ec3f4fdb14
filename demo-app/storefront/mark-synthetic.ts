import { PROBE_KEY_HEADER, SYNTHETIC } from '@aiops-sre/conventions/probe.ts';
import { secretCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import type { RequestHandler } from 'express';
import { describeRequest } from '../http/request-outcome.ts';

/** Marks requests that show the probe key, in their span and log line; without a key, none. */
export function markSynthetic(probeKey: string | undefined): RequestHandler {
  const isKey = probeKey === undefined ? () => false : secretCheck(probeKey);
  return (request, response, next) => {
    const given = request.get(PROBE_KEY_HEADER);
    if (given !== undefined && isKey(given)) describeRequest(response, { [SYNTHETIC.key]: SYNTHETIC.value });
    next();
  };
}
