import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import { trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { addToEvent } from '../http/request-outcome.ts';
import type { Faults } from './faults.ts';

const ERRORS: Readonly<
  Record<'error' | 'rate_limit' | 'latency', ((announced: boolean) => HttpError) | undefined>
> = {
  error: (announced) => new HttpError(500, announced ? 'injected fault' : 'internal error'),
  rate_limit: (announced) =>
    new HttpError(429, announced ? 'injected fault: too many requests' : 'too many requests', {
      retryAfterSeconds: 5,
    }),
  latency: undefined,
};

/** Makes an API request suffer the active faults. Health, metrics and admin routes are not behind it. */
export function injectFaults(faults: Faults): RequestHandler {
  return (_request, response, next) => {
    const { delayMs, fails, isLimited } = faults.draw();
    if (delayMs === 0 && !fails && !isLimited) return next();
    const injected = fails ? 'error' : isLimited ? 'rate_limit' : 'latency';
    const announced = faults.announced();
    if (announced) {
      addToEvent(response, { injected_fault: injected });
      trace.getActiveSpan()?.setAttribute('demo.injected_fault', injected);
    }
    const proceed = () => next(ERRORS[injected]?.(announced));
    return delayMs === 0 ? proceed() : sleep(delayMs).then(proceed);
  };
}
