import { randomUUID } from 'node:crypto';
import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { Disk } from '../faults/disk.ts';
import type { ChargeRequest, KeptCharge } from './charge.ts';
import { openChargeLog } from './charge-log.ts';

/** How many are remembered; the key of an older one charges anew. */
const CAPACITY = 100_000;
/** No card pays more. */
const LIMIT_CENTS = 10_000_000;

/** One in a hundred orders is declined, always the same ones: whose amount ends like this. */
const isDeclined = (amountCents: number) => amountCents > LIMIT_CENTS || amountCents % 100 === 13;

/**
 * The provider's charges, of which each key has one, also over a kill: an answer is given when its charge is on disk.
 *
 * @param file a JSON object a line; without one they live in memory alone
 */
export async function openCharges({
  file,
  capacity = CAPACITY,
  disk,
}: {
  readonly file?: string | undefined;
  readonly capacity?: number;
  /** Which the file is on. */
  readonly disk?: Disk;
}) {
  const kept = new Map<string, { readonly charge: KeptCharge; readonly stored: Promise<void> }>();
  const log = file === undefined ? undefined : await openChargeLog(file, capacity, disk);
  for (const charge of log?.charges ?? []) kept.set(charge.key, { charge, stored: Promise.resolve() });

  /** @throws {HttpError} 422 where the key has a charge of something else, 503 where it cannot be stored */
  async function charge(key: string, request: ChargeRequest): Promise<KeptCharge> {
    const before = kept.get(key);
    if (before) {
      await before.stored;
      const { orderId, amountCents } = before.charge;
      if (orderId !== request.orderId || amountCents !== request.amountCents)
        throw new HttpError(422, 'Idempotency-Key: belongs to another charge');
      return before.charge;
    }
    const status = isDeclined(request.amountCents) ? ('declined' as const) : ('charged' as const);
    const charge = { id: randomUUID(), key, status, ...request };
    const stored = (log?.append(charge) ?? Promise.resolve()).catch((cause: unknown) => {
      // Whether it is on disk is not known until the next start, but nobody was told so.
      kept.delete(key);
      throw new HttpError(503, 'charges cannot be stored', { cause });
    });
    kept.set(key, { charge, stored });
    if (kept.size > capacity) kept.delete(kept.keys().next().value!);
    await stored;
    return charge;
  }
  return { charge };
}

export type Charges = Awaited<ReturnType<typeof openCharges>>;
