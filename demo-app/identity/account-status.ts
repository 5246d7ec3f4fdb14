import { z } from 'zod';

/** Identity's answer about one account. */
export const accountStatusSchema = z.object({ active: z.boolean() });

export type AccountStatus = Readonly<z.infer<typeof accountStatusSchema>>;
