import { setTimeout as sleep } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { parseBody, readJson } from '../http/json-body.ts';
import { addToEvent } from '../http/request-outcome.ts';
import type { ApiRoute } from '../http/service.ts';
import type { AccountStatus } from './account-status.ts';
import { checkToken, tokenCheckSchema } from './token-check.ts';

export const IDENTITY_ROUTES = [
  { method: 'POST', route: '/api/token-checks' },
  { method: 'GET', route: '/api/accounts/:id' },
] as const;

/** Time a provider takes, uniform between the two. The experimental one breaks a 0.5 s objective on every request. */
const PROVIDER_LATENCY_MS = {
  stable: { min: 2, max: 8 },
  experimental: { min: 800, max: 1200 },
} as const;

interface IdentityApiOptions {
  /** Whether the experimental provider answers, asked anew for each check. */
  readonly isExperimental: () => Promise<boolean>;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
}

/** Time one account takes: short for one, too long for twenty in a row and a 0.5 s objective. */
const ACCOUNT_LATENCY_MS = { min: 30, max: 40 } as const;

/** Says whether a token is good, by way of the provider that the flag chooses, and whether an account is active. */
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
          trace.getActiveSpan()?.setAttribute('identity.provider', provider);
          const { min, max } = PROVIDER_LATENCY_MS[provider];
          await sleep(min + random() * (max - min));
          response.json(checkToken(token));
        },
      ],
    },
    {
      ...IDENTITY_ROUTES[1],
      handlers: [
        async (_request, response) => {
          const { min, max } = ACCOUNT_LATENCY_MS;
          await sleep(min + random() * (max - min));
          response.json({ active: true } satisfies AccountStatus);
        },
      ],
    },
  ];
}
