/**
 * What visitors ask the storefront for: each route's share of all requests, and the share of its requests that are bad
 * on purpose and answered with `badStatus`. The shares add up to 1.
 */
export const ROUTE_MIX = [
  { method: 'GET', route: '/api/products', share: 0.34, badShare: 0, badStatus: 404, goodStatus: 200 },
  { method: 'GET', route: '/api/users', share: 0.12, badShare: 0, badStatus: 404, goodStatus: 200 },
  { method: 'GET', route: '/api/users/:id', share: 0.2, badShare: 0.03, badStatus: 404, goodStatus: 200 },
  { method: 'POST', route: '/api/orders', share: 0.06, badShare: 0.04, badStatus: 400, goodStatus: 201 },
  { method: 'GET', route: '/api/orders/:id', share: 0.12, badShare: 0.03, badStatus: 404, goodStatus: 200 },
  { method: 'POST', route: '/api/checkouts', share: 0.06, badShare: 0.04, badStatus: 400, goodStatus: 202 },
  { method: 'POST', route: '/api/documents', share: 0.1, badShare: 0.02, badStatus: 400, goodStatus: 201 },
] as const;

export type MixEntry = (typeof ROUTE_MIX)[number];

/** Share of all requests that are bad on purpose. */
export const BAD_REQUEST_SHARE = ROUTE_MIX.reduce((sum, { share, badShare }) => sum + share * badShare, 0);

/**
 * @param random in [0, 1)
 * @returns the entry at this point of the cumulated shares
 */
export function pickEntry(random: number): MixEntry {
  let cumulated = 0;
  for (const entry of ROUTE_MIX) {
    cumulated += entry.share;
    if (random < cumulated) return entry;
  }
  return ROUTE_MIX[ROUTE_MIX.length - 1]!;
}
