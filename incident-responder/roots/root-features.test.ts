import { expect, it } from 'vitest';
import type { Deviation } from '../evidence/deviation.ts';
import type { Trouble } from '../evidence/service-deviations.ts';
import { serviceGraph } from '../topology/service-graph.ts';
import { rootFeatures } from './root-features.ts';

const off = (excess: number, distance = 50): Deviation => ({ before: 0, after: 1, excess, distance });
const features = (
  service: string,
  troubles: Record<string, Partial<Record<Trouble, Deviation>>>,
  { unusual = 0, down = {} }: { unusual?: number; down?: Record<string, number> } = {},
) =>
  rootFeatures(service, {
    graph: serviceGraph([
      { client: 'shop', server: 'orders' },
      { client: 'shop', server: 'lb.eu-west-1.elb.amazonaws.com' },
      { client: 'orders', server: 'database' },
    ]),
    deviations: new Map(
      Object.entries(troubles).map(([name, each]) => [
        name,
        { service: name, troubles: each, tooNew: name === 'newcomer' },
      ]),
    ),
    alerting: ['shop'],
    unusual: () => unusual,
    downRatio: (each) => down[each] ?? 0,
  });

it('what callees account for is not trouble of its own', () => {
  const failing = { shop: { errors: off(100) }, orders: { errors: off(100) } };
  expect(features('orders', failing).ownErrors).toBeGreaterThan(5 * features('shop', failing).ownErrors);
  expect(features('shop', failing).causedBelow).toBeGreaterThan(0.7);
  expect(features('orders', failing).causedBelow).toBe(0);
});

it('a callee accounts for as much as passes through it: few failures below leave most to the caller', () => {
  const few = { shop: { errors: off(100) }, orders: { errors: off(10) } };
  expect(features('shop', few).causedBelow).toBeLessThan(0.2);
  expect(features('shop', few).symptomShare).toBeGreaterThan(5 * features('orders', few).symptomShare);
});

it('what deviates below within its noise accounts for nothing', () => {
  const noisy = { shop: { errors: off(100) }, orders: { errors: off(100, 0.1) } };
  expect(features('shop', noisy).causedBelow).toBeLessThan(0.05);
});

it('a callee that is slow accounts for failures of a caller that waits for it', () => {
  const waiting = {
    shop: { errors: off(100), duration: off(500) },
    orders: { duration: off(500) },
  };
  const alone = { shop: { errors: off(100) }, orders: {} };
  expect(features('shop', waiting).ownErrors).toBeLessThan(features('shop', alone).ownErrors / 2);
});

it('a callee that is down accounts for what fails above it, though nothing of it is measured; a part of it for a part', () => {
  const failing = { shop: { errors: off(100) } };
  const whole = features('shop', failing).ownErrors;
  expect(features('shop', failing, { down: { orders: 1 } }).ownErrors).toBe(0);
  expect(features('shop', failing, { down: { orders: 0.25 } }).ownErrors).toBeCloseTo(0.75 * whole);
});

it('a callee short of a resource accounts for what its callers wait for, nobody for a resource of another', () => {
  const short = {
    orders: { duration: off(500), saturation: off(10) },
    database: { saturation: off(10) },
  };
  expect(features('orders', short).ownDuration).toBeLessThan(0.1);
  expect(features('orders', short).ownSaturation).toBe(features('database', short).ownSaturation);
});

it('a service that others find unusual is not calm', () => {
  const calm = { shop: { errors: off(0, 0) } };
  expect([features('shop', calm).calm, features('shop', calm, { unusual: 0.9 }).calm]).toEqual([
    1,
    expect.closeTo(0.1),
  ]);
});

it('a service of which something is too new to compare is not calm by the rest', () => {
  const idle = { shop: { saturation: off(0, 0) }, newcomer: { saturation: off(0, 0) } };
  expect([features('shop', idle).calm, features('newcomer', idle).calm]).toEqual([1, 0]);
});

it('tells what is not measured, calls nobody, or is an address', () => {
  const known = { shop: { errors: off(1) }, database: { errors: off(1) } };
  const flags = (service: string, troubles = known) => {
    const { unmeasured, leaf, address } = features(service, troubles);
    return { unmeasured, leaf, address };
  };
  expect(flags('shop')).toEqual({ unmeasured: 0, leaf: 0, address: 0 });
  expect(flags('orders')).toEqual({ unmeasured: 1, leaf: 0, address: 0 });
  expect(flags('database')).toEqual({ unmeasured: 0, leaf: 1, address: 0 });
  expect(flags('lb.eu-west-1.elb.amazonaws.com').address).toBe(1);
  for (const address of ['169.254.170.2', 'https://queue/orders', 'amazon.com_remote'])
    expect(flags(address).address, address).toBe(1);
  for (const name of ['shop.orders', 'Catalog.API', 'order-service'])
    expect(flags(name).address, name).toBe(0);
});
