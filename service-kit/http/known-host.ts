import { isIP } from 'node:net';

/**
 * Whether a request's Host header calls us by a name that we have: an address, a name of loopback, or one of `names`. A
 * page whose own name was made to lead here (DNS rebinding) calls us by that name, and would read the answer otherwise.
 */
export function knownHostCheck(names: readonly string[]): (host: string | undefined) => boolean {
  const known = new Set(['localhost', ...names.map((name) => name.toLowerCase())]);
  return (host) => {
    const name = /^(?:\[([\da-f:.]+)\]|([\w.-]+?)\.?)(?::\d{1,5})?$/i.exec(host ?? '');
    if (name === null) return false;
    const [, v6, other = ''] = name;
    return v6 === undefined ? known.has(other.toLowerCase()) || isIP(other) === 4 : isIP(v6) === 6;
  };
}

/** The answer to a request for another name (RFC 9110 section 15.5.20). */
export const MISDIRECTED = {
  status: 421,
  message:
    'Host: not a name of this service; it answers to addresses, localhost and the names in its ALLOWED_HOSTS',
} as const;
