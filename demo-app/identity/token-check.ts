import { z } from 'zod';

/** Body of POST /api/token-checks. An empty token is a visitor who did not sign in. */
export const tokenCheckSchema = z.strictObject({ token: z.string().max(256) });

/** The answer: whether the token is good. */
export const tokenVerdictSchema = z.object({ active: z.boolean() });

type TokenVerdict = Readonly<z.infer<typeof tokenVerdictSchema>>;

/** The demo's tokens: nobody's secrets, and nothing is stored. */
export function checkToken(token: string): TokenVerdict {
  return { active: token === '' || /^demo-[a-z0-9]{1,32}$/.test(token) };
}
