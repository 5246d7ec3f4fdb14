/** Customers whom the traffic is made of: `user-1` and up. */
const VISITORS = 200;

/** The token that one of them signs in with. @param random uniform in [0, 1) */
export function visitorToken(random: () => number): string {
  return `demo-user${1 + Math.floor(random() * VISITORS)}`;
}
