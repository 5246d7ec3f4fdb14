import { expect, it } from 'vitest';
import { asAnswer, failureKind } from './database-error.ts';

it.each([
  // The client's own limit, and the pool's, of the same connection that did not come about.
  ['timeout expired', undefined, 'connection'],
  ['Connection terminated due to connection timeout', undefined, 'connection'],
  ['timeout exceeded when trying to connect', undefined, 'pool_timeout'],
  ['sorry, too many clients already', '53300', 'connection'],
  ['canceling statement due to statement timeout', '57014', 'statement_timeout'],
  ['deadlock detected', '40P01', 'conflict'],
  ['syntax error at or near "SELCT"', '42601', 'other'],
] as const)('%s is of kind %s %s', (message, code, kind) => {
  const error = Object.assign(new Error(message), { code });
  expect(failureKind(error)).toBe(kind);
  expect(asAnswer(error)).toMatchObject(kind === 'other' ? { message } : { status: 503, cause: error });
});
