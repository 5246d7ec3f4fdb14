import { z } from 'zod';
import { accountOf } from './account.ts';

/** Body of POST /api/token-checks. An empty token is a visitor who did not sign in. */
export const tokenCheckSchema = z.strictObject({ token: z.string().max(256) });

/** The answer: whether the token is good, and whose it is where somebody signed in. */
export const tokenVerdictSchema = z.object({ active: z.boolean(), account: z.unknown().optional() });

type TokenVerdict = Readonly<z.infer<typeof tokenVerdictSchema>>;

/** The demo's tokens: nobody's secrets, and nothing is stored. */
export function checkToken(token: string): TokenVerdict {
  const active = token === '' || /^demo-[a-z0-9]{1,32}$/.test(token);
  const account = active ? accountOf(token) : undefined;
  return { active, ...(account && { account }) };
}
