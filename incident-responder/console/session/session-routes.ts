import { secretCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import { type Request, type RequestHandler, type Response, Router, urlencoded } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { createLoginAttempts } from './login-attempts.ts';
import { loginPage } from './login-page.ts';
import { operatorName } from './operator-name.ts';
import { SESSION_COOKIE, SESSION_MS, type Session, type Sessions } from './session-cookie.ts';

const loginSchema = z.object({
  name: z.string().max(100).default(''),
  token: z.string().max(1000).default(''),
  next: z.string().max(200).default('/'),
});
const formSchema = z.object({ csrf: z.string().max(100) });

const COOKIE_OPTIONS = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

/** Bodies of forms: small, flat. */
export const formBody = urlencoded({ extended: false, limit: 10_000, parameterLimit: 20, inflate: false });

/** Only a path of the console itself, never another site. */
const safePath = (next: string) => (/^\/(?![/\\])[\w/.?=&-]*$/.test(next) ? next : '/');

export interface SessionRoutesOptions {
  /** Undefined where the responder has no operator token. */
  readonly sessions: Sessions | undefined;
  readonly operatorToken: string | undefined;
  readonly log: Logger;
}

/** `GET` and `POST /login`, `POST /logout`. */
export function sessionRoutes({ sessions, operatorToken, log }: SessionRoutesOptions): Router {
  const router = Router();
  const attempts = createLoginAttempts();
  const possible = sessions !== undefined;
  const isOperatorToken = operatorToken === undefined ? () => false : secretCheck(operatorToken);
  const send = (response: Response, status: number, content: string) =>
    response.status(status).type('html').set('Cache-Control', 'no-store').send(content);

  router.get('/login', (request, response) => {
    send(response, 200, loginPage({ next: safePath(String(request.query.next ?? '/')), possible }));
  });

  router.post('/login', formBody, async (request, response) => {
    const form = loginSchema.safeParse(request.body ?? {}).data ?? loginSchema.parse({});
    const next = safePath(form.next);
    const refuse = (status: number, problem: string) =>
      send(response, status, loginPage({ next, name: form.name, problem, possible }));
    if (sessions === undefined) return void refuse(403, '');
    const nowMs = Date.now();
    if (!isOperatorToken(form.token)) {
      log.warn('login refused: not the operator token');
      const wait = await attempts.failed(nowMs);
      if (wait === 0) return void refuse(403, 'That is not the operator token.');
      response.set('Retry-After', String(wait));
      return void refuse(429, 'That is not the operator token, and there were too many wrong ones.');
    }
    const name = operatorName.safeParse(form.name);
    if (!name.success)
      return void refuse(
        400,
        'A name is 1 to 40 letters and digits of one alphabet, and nothing that looks like "responder" or "operator".',
      );
    log.info({ name: name.data }, 'logged in');
    response.cookie(SESSION_COOKIE, sessions.open(name.data, nowMs), {
      ...COOKIE_OPTIONS,
      maxAge: SESSION_MS,
      // Said by what ends TLS before the responder, if anything does.
      secure: request.get('x-forwarded-proto') === 'https',
      encode: String,
    });
    response.redirect(303, next);
  });

  if (sessions !== undefined)
    router.post('/logout', formBody, requireForm(sessions), (request, response) => {
      sessions.close(request.headers.cookie, Date.now());
      log.info({ name: (response.locals.session as Session).name }, 'logged out');
      response.clearCookie(SESSION_COOKIE, COOKIE_OPTIONS);
      response.redirect(303, '/');
    });
  return router;
}

export function sessionOf(sessions: Sessions | undefined, request: Request): Session | undefined {
  return sessions?.read(request.headers.cookie, Date.now());
}

/**
 * Lets a posted form through that was made for the session of its sender; the session is in `response.locals.session`
 * then. Strangers are led to the login, forged forms get 403.
 */
export function requireForm(sessions: Sessions | undefined): RequestHandler {
  return (request, response, next) => {
    const session = sessionOf(sessions, request);
    if (sessions === undefined || session === undefined) {
      response.redirect(303, '/login');
      return;
    }
    const form = formSchema.safeParse(request.body);
    if (!form.success || !sessions.ownsForm(session, form.data.csrf)) {
      response.status(403).json({ error: 'the form is not of this session: load the page again' });
      return;
    }
    response.locals.session = session;
    next();
  };
}
