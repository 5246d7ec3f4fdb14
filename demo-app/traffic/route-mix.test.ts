import { STOREFRONT_ROUTES } from '@aiops-sre/conventions/services.ts';
import { expect, it } from 'vitest';
import { planRequest } from './planned-request.ts';
import { BAD_REQUEST_SHARE, ROUTE_MIX } from './route-mix.ts';

it('covers every route of the storefront, with shares that add up to 1', () => {
  const named = (routes: readonly { method: string; route: string }[]) =>
    routes.map(({ method, route }) => `${method} ${route}`).toSorted();
  expect(named(ROUTE_MIX)).toEqual(named(STOREFRONT_ROUTES));
  expect(ROUTE_MIX.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
});

it('plans requests in its shares', () => {
  const requests = Array.from({ length: 20_000 }, () => planRequest(linearCongruential));
  for (const entry of ROUTE_MIX) {
    const share = requests.filter((request) => request.entry === entry).length / requests.length;
    expect(share).toBeCloseTo(entry.share, 1.5);
  }
});

it('knows the share of its bad requests', () => {
  expect(BAD_REQUEST_SHARE).toBeGreaterThan(0.01);
  expect(BAD_REQUEST_SHARE).toBeLessThan(0.03);
});

let state = 1;
/** Uniform in [0, 1), and the same in every run. */
function linearCongruential(): number {
  state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return state / 2 ** 32;
}
