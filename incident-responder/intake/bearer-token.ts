import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * A check of an Authorization header against one bearer token (RFC 6750), in a time that tells nothing about how much of
 * it was right. Always true where `token` is undefined.
 */
export function bearerTokenCheck(token: string | undefined): (authorization: string | undefined) => boolean {
  if (token === undefined) return () => true;
  const expected = digest(token);
  return (authorization) => {
    const given = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}

/** Digests have one length, which timingSafeEqual demands, whatever was sent. */
const digest = (text: string) => createHash('sha256').update(text).digest();
