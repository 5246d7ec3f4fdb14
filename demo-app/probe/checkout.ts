import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AxiosInstance, AxiosResponse } from 'axios';
import { z } from 'zod';
import { failureOf } from '../http/json-client.ts';

/** Where a check can fail: the order is not taken, is not there afterwards, or does not end as it should. */
export const STAGES = ['place', 'find', 'finish'] as const;
export type Stage = (typeof STAGES)[number];

/** A check that failed, and where. */
export class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError';
  readonly stage: Stage;
  constructor(stage: Stage, message: string, options?: ErrorOptions) {
    super(message, options);
    this.stage = stage;
  }
}

const POLL_MS = 1_000;

const placedSchema = z.object({ orderId: z.string() });
const orderSchema = z.object({ id: z.string(), state: z.string(), reason: z.string().optional() });
/** States in which an order stays. */
const ENDS: Readonly<Record<string, 'good' | 'bad'>> = { fulfilled: 'good', failed: 'bad' };
/** Reasons to fail an order that are the shop's right answer. */
const REFUSALS: readonly (string | undefined)[] = ['payment-declined', 'out-of-stock'];

/**
 * One order as a visitor would place it, followed to its end.
 *
 * @param options.storefront sends what every request of the probe has in its headers
 * @param options.signal ends the wait for the order's end
 * @throws {CheckFailedError}
 */
export async function checkOut(options: {
  readonly storefront: AxiosInstance;
  readonly order: unknown;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { storefront, order, signal } = options;
  const headers = { 'idempotency-key': randomUUID() };
  const placed = await answered('place', storefront.post('/api/checkouts', order, { headers, signal }));
  const { orderId: id } = expected('place', placed, placedSchema);
  let state = 'placed';
  let reason: string | undefined;
  while (ENDS[state] === undefined) {
    const found = await answered('find', storefront.get(`/api/orders/${id}`, { signal }));
    const seen = expected('find', found, orderSchema);
    if (seen.id !== id) throw new CheckFailedError('find', `expected order ${id}, got ${seen.id}`);
    ({ state, reason } = seen);
    if (ENDS[state] === undefined)
      await sleep(POLL_MS, undefined, { signal }).catch((cause: unknown) => {
        throw new CheckFailedError('finish', `the order is still ${state}`, { cause });
      });
  }
  if (ENDS[state] === 'bad' && !REFUSALS.includes(reason))
    throw new CheckFailedError('finish', `the order ended ${state}`);
}

async function answered(stage: Stage, request: Promise<AxiosResponse>): Promise<AxiosResponse> {
  return request.catch((cause: unknown) => {
    throw new CheckFailedError(stage, `no answer: ${failureOf(cause)}`, { cause });
  });
}

/** The body of an answer that is a 2xx and of this shape. */
function expected<T>(stage: Stage, { status, data }: AxiosResponse, schema: z.ZodType<T>): T {
  if (status < 200 || status > 299) throw new CheckFailedError(stage, `expected 2xx, got ${status}`);
  const parsed = schema.safeParse(data);
  if (!parsed.success)
    throw new CheckFailedError(stage, `unexpected answer: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
