import { createHmac, randomBytes } from 'node:crypto';
import { equalInConstantTime } from '@aiops-sre/service-kit/http/bearer-token.ts';

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
  /** Ends a session before its time; forgotten with the process. */
  close(cookieHeader: string | undefined): void;
}

const MAX_CLOSED = 1000;

/**
 * Sessions that live in a signed cookie, so that a restart in the middle of an incident logs nobody out. They are signed
 * with a key made of the operator's token: a new token ends them all.
 *
 * Browsers send a cookie to every port of a host, and SameSite does not tell ports apart; hence the token in each form.
 */
export function createSessions(operatorToken: string): Sessions {
  const sign = (purpose: string, text: string) =>
    createHmac('sha256', operatorToken).update(`${purpose}\n${text}`).digest('base64url');
  const closed = new Set<string>();

  return {
    open(name, nowMs) {
      const body = Buffer.from(
        JSON.stringify([name, nowMs + SESSION_MS, randomBytes(12).toString('base64url')]),
      ).toString('base64url');
      return `${body}.${sign('session', body)}`;
    },
    read(cookieHeader, nowMs) {
      const [body, signature] = cookieValue(cookieHeader)?.split('.') ?? [];
      if (body === undefined || signature === undefined || closed.has(body)) return undefined;
      if (!equalInConstantTime(signature, sign('session', body))) return undefined;
      // Signed, so it is what open() wrote.
      const [name, expiresAtMs] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, number];
      if (nowMs >= expiresAtMs) return undefined;
      return { name, expiresAtMs, csrfToken: sign('form', body) };
    },
    ownsForm: (session, token) => equalInConstantTime(token, session.csrfToken),
    close(cookieHeader) {
      const body = cookieValue(cookieHeader)?.split('.')[0];
      if (body === undefined) return;
      closed.add(body);
      if (closed.size > MAX_CLOSED) closed.delete(closed.values().next().value as string);
    },
  };
}

function cookieValue(cookieHeader: string | undefined): string | undefined {
  return cookieHeader
    ?.split(/;\s*/)
    .find((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    ?.slice(SESSION_COOKIE.length + 1);
}
