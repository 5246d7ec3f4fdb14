import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { RequestHandler } from 'express';

interface ShedLoadOptions {
  /** Share of requests to turn away, 0..1, asked anew for each request. */
  readonly share: () => Promise<number>;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
}

/**
 * Turns a share of requests away before they cost anything: 429, which clients try again later and which is not counted
 * as the service's own failure.
 */
export function shedLoad({ share, random }: ShedLoadOptions): RequestHandler {
  return async (_request, _response, next) => {
    if (random() >= (await share())) return next();
    next(new HttpError(429, 'too much load: try again later', { retryAfterSeconds: 30 }));
  };
}
