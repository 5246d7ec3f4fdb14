import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { RequestHandler } from 'express';

/**
 * Requests at work at once: at 300 a second, answered in a third of one. More of them would only wait for each other, until none is
 * answered before its visitor has left.
 */
export const MOST_IN_FLIGHT = 128;
/** Connections at once: a visitor more than {@link MOST_IN_FLIGHT} gets an answer, and what they all cost stays small. */
export const MOST_CONNECTIONS = 2_048;

/** Turns away, before it costs anything, what comes while `most` requests are at work: 503, and when to try again. */
export function limitInFlight(most: number): RequestHandler {
  let inFlight = 0;
  return (_request, response, next) => {
    if (inFlight >= most)
      return next(new HttpError(503, 'too many requests at once: try again', { retryAfterSeconds: 1 }));
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
    });
    next();
  };
}
