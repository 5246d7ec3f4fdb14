import { createHash, timingSafeEqual } from 'node:crypto';

/** @returns a check of an Authorization header against one bearer token (RFC 6750), in constant time */
export function bearerTokenCheck(token: string): (authorization: string | undefined) => boolean {
  return (authorization) => {
    const given = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    return given !== undefined && equalInConstantTime(given, token);
  };
}

/** Whether both are the same, in a time that tells neither how much of `given` was right nor how long `expected` is. */
export function equalInConstantTime(given: string, expected: string): boolean {
  // Digests have one length, which timingSafeEqual demands.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
