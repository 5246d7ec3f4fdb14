import { createHmac } from 'node:crypto';
import { CUSTOMER_TIERS, REGIONS, UNKNOWN_CUSTOMER, WIDE_EVENT } from '@aiops-sre/conventions/wide-events.ts';
import type { Response } from 'express';
import { z } from 'zod';
import { describeRequest } from '../http/request-outcome.ts';

/** Whose token it was, as identity says; values that are not the shop's become `unknown`. */
export const customerSchema = z.object({
  id: z.string().max(64),
  region: z.enum([...REGIONS, UNKNOWN_CUSTOMER]).catch(UNKNOWN_CUSTOMER),
  tier: z.enum([...CUSTOMER_TIERS, UNKNOWN_CUSTOMER]).catch(UNKNOWN_CUSTOMER),
});
type Customer = Readonly<z.infer<typeof customerSchema>>;

/**
 * Says in a request's span and log line who asked: the region and tier of a customer, and a pseudonym, by which requests of one can be
 * counted and nobody be named.
 *
 * @param key without which no pseudonym can be found out by trying names; the same in every instance
 */
export function customerDescription(key: string): (response: Response, customer: Customer) => void {
  return (response, { id, region, tier }) =>
    describeRequest(response, {
      [WIDE_EVENT.user]: createHmac('sha256', key).update(`customer ${id}`).digest('hex').slice(0, 16),
      [WIDE_EVENT.region]: region,
      [WIDE_EVENT.tier]: tier,
    });
}
