import { z } from 'zod';

/** Body of POST /charges. */
export const chargeRequestSchema = z.strictObject({
  orderId: z.string().regex(/^[\w-]{1,64}$/, 'expected an id of letters, digits, _ and -'),
  amountCents: z.number().int().min(1).max(1_000_000_000),
});

export type ChargeRequest = Readonly<z.infer<typeof chargeRequestSchema>>;

export const CHARGE_STATUSES = ['charged', 'declined'] as const;

/** The provider's answer. */
export const chargeSchema = z.object({ id: z.string(), status: z.enum(CHARGE_STATUSES) });

/** What the provider keeps of a request. */
export const keptChargeSchema = chargeSchema.extend({
  key: z.string(),
  ...chargeRequestSchema.shape,
});

export type KeptCharge = Readonly<z.infer<typeof keptChargeSchema>>;
