import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { RequestHandler } from 'express';
import type { ApiRoute } from '../http/service.ts';
import type { VersionBehaviour } from './versions.ts';

/**
 * The API as a version has it. Telemetry tells of it what it would tell of any code: no fault is marked as one.
 *
 * @param random uniform in [0, 1)
 */
export function behave(
  api: readonly ApiRoute[],
  behaviour: Pick<VersionBehaviour, 'requests'>,
  random: () => number,
): ApiRoute[] {
  return api.map((route) => {
    const suffered = behaviour.requests.filter(
      ({ routes }) => routes?.some((each) => each === `${route.method} ${route.route}`) ?? true,
    );
    if (suffered.length === 0) return route;
    const suffer: RequestHandler = async (_request, _response, next) => {
      const delayMs = suffered.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
      if (delayMs > 0) await sleep(delayMs);
      const failure = suffered.find(({ errorRatio }) => random() < errorRatio);
      next(failure && new HttpError(500, failure.error));
    };
    // Where the route's own work begins: tokens and bodies are checked before, as by the other versions.
    return { ...route, handlers: route.handlers.toSpliced(-1, 0, suffer) };
  });
}
