import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { Counter, type Registry } from 'prom-client';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { parseBody, readJson } from '../http/json-body.ts';
import type { ApiRoute } from '../http/service.ts';
import { CHARGE_STATUSES, chargeRequestSchema } from './charge.ts';
import type { Charges } from './charges.ts';

export const PAYMENTS_ROUTES = [{ method: 'POST', route: '/charges' }] as const;

/** Time a bank takes, uniform between the two. */
const BANK_MS = { min: 10, max: 30 } as const;

interface PaymentsApiOptions {
  readonly charges: Charges;
  readonly registry: Registry;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
}

/** The payment provider, which the shop does not run: it charges each idempotency key once, and declines by rule. */
export function paymentsApi({ charges, registry, random }: PaymentsApiOptions): ApiRoute[] {
  const answered = new Counter({
    name: METRICS.paymentsCharges,
    help: 'Charges that were answered, those asked for again too.',
    labelNames: ['status'] as const,
    registers: [registry],
  });
  for (const status of CHARGE_STATUSES) answered.inc({ status }, 0);
  return [
    {
      ...PAYMENTS_ROUTES[0],
      handlers: [
        readJson(),
        async (request, response) => {
          const body = parseBody(request, chargeRequestSchema);
          const key = idempotencyKeyOf(request);
          await sleep(BANK_MS.min + random() * (BANK_MS.max - BANK_MS.min));
          const { id, status } = await charges.charge(key, body);
          answered.inc({ status });
          response.status(201).json({ id, status });
        },
      ],
    },
  ];
}
