import { bearerTokenCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import express, { type RequestHandler, Router } from 'express';
import { type VerdictBody, verdictBody } from '../journal/verdict.ts';

export type VerdictOutcome = 'stored' | 'unknown-anomaly';

/** Who may POST: anyone who reaches a loopback address, or whoever knows the token. */
export type VerdictAccess =
  | { readonly kind: 'open' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'closed' };

/** `open` only where the server cannot be reached from another machine. */
export function verdictAccess(host: string, token: string | undefined): VerdictAccess {
  if (token !== undefined) return { kind: 'token', token };
  return /^(127\.|::1$|localhost$)/.test(host) ? { kind: 'open' } : { kind: 'closed' };
}

/** POST /verdicts: 201 stored, 400 with reasons, 401 without the token, 403 when closed, 404 for an unknown anomaly. */
export function verdictRoute(options: {
  access: VerdictAccess;
  judge: (verdict: VerdictBody) => Promise<VerdictOutcome>;
}): Router {
  const router = Router();
  router.post(
    '/verdicts',
    allowed(options.access),
    express.json({ limit: '4kb', strict: true }),
    async (request, response) => {
      const parsed = verdictBody.safeParse(request.body);
      if (!parsed.success) {
        const problems = parsed.error.issues.map(
          (issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`,
        );
        response.status(400).json({ error: 'not a verdict', problems });
        return;
      }
      const outcome = await options.judge(parsed.data);
      if (outcome === 'stored') response.status(201).json({ status: 'stored' });
      else response.status(404).json({ error: `no anomaly ${parsed.data.anomaly_id} is known` });
    },
  );
  return router;
}

function allowed(access: VerdictAccess): RequestHandler {
  const isAuthorized = access.kind === 'token' ? bearerTokenCheck(access.token) : () => true;
  return (request, response, next) => {
    if (access.kind === 'closed')
      response
        .status(403)
        .json({ error: 'verdicts are off: set VERDICTS_TOKEN to take them on this address' });
    else if (!isAuthorized(request.headers.authorization))
      response.status(401).json({ error: 'expected Authorization: Bearer with the verdicts token' });
    // A form of another site could be posted to a loopback address by a browser; JSON it has to ask for first.
    else if (!request.is('application/json'))
      response.status(415).json({ error: 'expected Content-Type: application/json' });
    else next();
  };
}
