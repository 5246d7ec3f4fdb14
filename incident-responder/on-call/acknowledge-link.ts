import { createHmac, randomBytes } from 'node:crypto';
import { secretCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import type { ClosedSessions } from '../store/closed-sessions.ts';

const VALID_MS = 4 * 3_600_000;
const LONGEST = 500;

interface LinkGrant {
  readonly incidentId: number;
  /** What the person is called in timeline and audit log. */
  readonly name: string;
  readonly expiresAtMs: number;
}

export interface AcknowledgeLinks {
  /** The end of an address, which takes the incident on in this person's name: once, within four hours. */
  open(incidentId: number, name: string, nowMs: number): string;
  /** undefined for one that is forged, expired or used. */
  read(token: string, nowMs: number): LinkGrant | undefined;
  /** Reads it for the last time. */
  use(token: string, nowMs: number): LinkGrant | undefined;
}

/** Signed with a key made of the operator's token: a new token ends them all. */
export function createAcknowledgeLinks(
  operatorToken: string,
  used: Pick<ClosedSessions, 'add' | 'has'>,
): AcknowledgeLinks {
  const sign = (body: string) =>
    createHmac('sha256', operatorToken).update(`acknowledge\n${body}`).digest('base64url');

  function read(token: string, nowMs: number): LinkGrant | undefined {
    const [body = '', signature = ''] = token.split('.');
    if (token.length > LONGEST || !secretCheck(sign(body))(signature)) return undefined;
    const [incidentId, name, expiresAtMs] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
      number,
      string,
      number,
    ];
    return nowMs < expiresAtMs && !used.has(token) ? { incidentId, name, expiresAtMs } : undefined;
  }
  return {
    open(incidentId, name, nowMs) {
      const nonce = randomBytes(9).toString('base64url');
      const body = Buffer.from(JSON.stringify([incidentId, name, nowMs + VALID_MS, nonce])).toString(
        'base64url',
      );
      return `${body}.${sign(body)}`;
    },
    read,
    use(token, nowMs) {
      const grant = read(token, nowMs);
      if (grant !== undefined) used.add(token, grant.expiresAtMs, nowMs);
      return grant;
    },
  };
}
