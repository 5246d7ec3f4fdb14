import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';

/** Why a statement or a connection failed: values of label `kind`. */
export const FAILURE_KINDS = [
  'connection',
  'pool_timeout',
  'statement_timeout',
  'conflict',
  'other',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
/** What `pg` says without a code. Of a server that is slow to accept client and pool tell at the same moment, either of them first. */
const POOL_TIMEOUT = 'timeout exceeded when trying to connect';
const LOST = /^Connection terminated|^timeout expired$|not queryable$/;

/**
 * What kind of failure this is.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function failureKind(error: unknown): FailureKind {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (message === POOL_TIMEOUT) return 'pool_timeout';
  // Class 08 is the connection's, 28 a login that is refused, 53 the server's resources (too many connections, a full disk), 57P a server that comes or goes.
  if (SYSTEM_CODES.has(code) || /^(08|28|53|57P)/.test(code) || LOST.test(message)) return 'connection';
  if (code === '57014') return 'statement_timeout';
  // Serialization, deadlock, a lock that was not to be had.
  if (/^(40001|40P01|55P03)$/.test(code)) return 'conflict';
  return 'other';
}

const RETRY_AFTER_SECONDS = { connection: 5, pool_timeout: 1, statement_timeout: 5, conflict: 1 } as const;

/** The error as an answer: 503 with the time after which to try again where trying again can help, else itself. */
export function asAnswer(error: unknown): unknown {
  const kind = failureKind(error);
  if (kind === 'other') return error;
  return new HttpError(503, 'the database is not available', {
    cause: error,
    retryAfterSeconds: RETRY_AFTER_SECONDS[kind],
  });
}
