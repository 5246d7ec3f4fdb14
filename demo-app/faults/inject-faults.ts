import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import { trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { addToEvent } from '../http/request-outcome.ts';
import type { Faults } from './faults.ts';

/** Makes an API request suffer the active faults. Health, metrics and admin routes are not behind it. */
export function injectFaults(faults: Faults): RequestHandler {
  return (_request, response, next) => {
    const { delayMs, fails } = faults.draw();
    if (delayMs === 0 && !fails) return next();
    const injected = fails ? 'error' : 'latency';
    addToEvent(response, { injected_fault: injected });
    trace.getActiveSpan()?.setAttribute('demo.injected_fault', injected);
    const proceed = () => next(fails ? new HttpError(500, 'injected fault') : undefined);
    return delayMs === 0 ? proceed() : sleep(delayMs).then(proceed);
  };
}
