import { setTimeout as sleep } from 'node:timers/promises';
import { parseBody, readJson } from '../http/json-body.ts';
import { addToEvent } from '../http/request-outcome.ts';
import type { ApiRoute } from '../http/service.ts';
import { checkToken, tokenCheckSchema } from './token-check.ts';

export const IDENTITY_ROUTES = [{ method: 'POST', route: '/api/token-checks' }] as const;

/** Time a provider takes, uniform between the two. The experimental one breaks a 0.5 s objective on every request. */
const PROVIDER_LATENCY_MS = {
  stable: { min: 2, max: 8 },
  experimental: { min: 800, max: 1200 },
} as const;

export interface IdentityApiOptions {
  /** Whether the experimental provider answers, asked anew for each check. */
  readonly isExperimental: () => Promise<boolean>;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
}

/** Says whether a token is good, by way of the provider that the flag chooses. */
export function identityApi({ isExperimental, random }: IdentityApiOptions): ApiRoute[] {
  return [
    {
      ...IDENTITY_ROUTES[0],
      handlers: [
        readJson(),
        async (request, response) => {
          const { token } = parseBody(request, tokenCheckSchema);
          const provider = (await isExperimental()) ? 'experimental' : 'stable';
          addToEvent(response, { provider });
          const { min, max } = PROVIDER_LATENCY_MS[provider];
          await sleep(min + random() * (max - min));
          response.json(checkToken(token));
        },
      ],
    },
  ];
}
