import type { IncomingMessage } from 'node:http';
import type { Route } from './routes.ts';

const REFUSALS = ['site', 'path', 'method', 'encoding', 'size', 'busy'] as const;
export type RefusalReason = (typeof REFUSALS)[number];

/** Why a request does not go through, and what its sender is told. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly status: number;
  readonly message: string;
  readonly allow?: string;
}

/** Compression of a body whose inflated size can be told while it passes. */
const ENCODINGS = [undefined, 'identity', 'gzip'];

/** What speaks against a request before its body is read; undefined where nothing does. */
export function refusalOf(
  { method = '', url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  routes: readonly Route[],
): Refusal | undefined {
  if (isFromAnotherSite(method, headers))
    return { reason: 'site', status: 403, message: 'not for pages of another site' };
  const path = url.split('?', 1)[0] ?? '';
  // A name that servers resolve differently than this pattern reads is none of those asked for.
  const matching = /\/\.{0,2}(\/|$)|[%\\]/.test(path) ? [] : routes.filter((route) => route.path.test(path));
  if (matching.length === 0)
    return { reason: 'path', status: 404, message: 'not one of the paths that are let through' };
  const methods = matching.flatMap((route) => route.methods);
  if (!methods.includes(method as 'GET') && !(method === 'HEAD' && methods.includes('GET')))
    return {
      reason: 'method',
      status: 405,
      message: `${method} is not let through`,
      allow: methods.join(', '),
    };
  if (method === 'POST' && !ENCODINGS.includes(headers['content-encoding']))
    return { reason: 'encoding', status: 415, message: 'content-encoding: expected gzip or none' };
  return undefined;
}

/**
 * Browsers say where a request comes from (Fetch Metadata), and with what changes something, in Origin. A link that is
 * followed into a tab of its own is fine: the page that has it reads nothing.
 * @see https://web.dev/articles/fetch-metadata
 */
function isFromAnotherSite(method: string, headers: IncomingMessage['headers']): boolean {
  const site = headers['sec-fetch-site'];
  const isFollowedLink =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isFollowedLink) return true;
  const { origin, host } = headers;
  return origin !== undefined && URL.parse(origin)?.host !== host?.toLowerCase();
}
