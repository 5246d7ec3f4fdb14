import { createHmac, randomBytes } from 'node:crypto';
import { secretCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import type { ClosedSessions } from '../../store/closed-sessions.ts';

export const SESSION_COOKIE = 'responder_session';
export const SESSION_MS = 12 * 3_600_000;

/** A person who logged in. */
export interface Session {
  /** What the person is called in timeline and audit log, as told at login. */
  readonly name: string;
  readonly expiresAtMs: number;
  /** Proof that a form was made for this session. */
  readonly csrfToken: string;
}

export interface Sessions {
  /** Value of the cookie of a new session of 12 hours. */
  open(name: string, nowMs: number): string;
  /** The session of a request's Cookie header; undefined for a stranger, an expired and a forged one. */
  read(cookieHeader: string | undefined, nowMs: number): Session | undefined;
  /** Whether `token` is that of the session's forms, in constant time. */
  ownsForm(session: Session, token: string): boolean;
  /** Ends a session before its time, for good. */
  close(cookieHeader: string | undefined, nowMs: number): void;
}

/**
 * Sessions that live in a signed cookie, so that a restart in the middle of an incident logs nobody out. They are signed
 * with a key made of the operator's token: a new token ends them all.
 *
 * Browsers send a cookie to every port of a host, and SameSite does not tell ports apart; hence the token in each form.
 */
export function createSessions(operatorToken: string, closed: Pick<ClosedSessions, 'add' | 'has'>): Sessions {
  const sign = (purpose: string, text: string) =>
    createHmac('sha256', operatorToken).update(`${purpose}\n${text}`).digest('base64url');

  /** The session and its signed text. */
  function verified(cookieHeader: string | undefined, nowMs: number) {
    const [body, signature] = cookieValue(cookieHeader)?.split('.') ?? [];
    if (body === undefined || signature === undefined) return undefined;
    if (!secretCheck(sign('session', body))(signature) || closed.has(body)) return undefined;
    // Signed, so it is what open() wrote.
    const [name, expiresAtMs] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, number];
    if (nowMs >= expiresAtMs) return undefined;
    return { body, session: { name, expiresAtMs, csrfToken: sign('form', body) } };
  }

  return {
    open(name, nowMs) {
      const body = Buffer.from(
        JSON.stringify([name, nowMs + SESSION_MS, randomBytes(12).toString('base64url')]),
      ).toString('base64url');
      return `${body}.${sign('session', body)}`;
    },
    read: (cookieHeader, nowMs) => verified(cookieHeader, nowMs)?.session,
    ownsForm: (session, token) => secretCheck(session.csrfToken)(token),
    close(cookieHeader, nowMs) {
      const open = verified(cookieHeader, nowMs);
      if (open !== undefined) closed.add(open.body, open.session.expiresAtMs, nowMs);
    },
  };
}

function cookieValue(cookieHeader: string | undefined): string | undefined {
  return cookieHeader
    ?.split(/;\s*/)
    .find((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    ?.slice(SESSION_COOKIE.length + 1);
}
