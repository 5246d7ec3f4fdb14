import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** @returns a check of an Authorization header against one bearer token (RFC 6750), in constant time */
export function bearerTokenCheck(token: string): (authorization: string | undefined) => boolean {
  const isToken = secretCheck(token);
  return (authorization) => {
    const given = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    return given !== undefined && isToken(given);
  };
}

/**
 * @returns a check against one secret. Its time depends on the length of what is given alone: `expected` is digested here,
 * once, so that not even its length shows.
 */
export function secretCheck(expected: string): (given: string) => boolean {
  // Digests have one length, which timingSafeEqual demands; the key keeps them from being worked out beforehand.
  const key = randomBytes(32);
  const digest = (text: string) => createHmac('sha256', key).update(text).digest();
  const expectedDigest = digest(expected);
  return (given) => timingSafeEqual(digest(given), expectedDigest);
}
