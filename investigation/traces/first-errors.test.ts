import { expect, it } from 'vitest';
import { call, traceOf } from '../testing/trace-builder.ts';
import { firstErrors } from './first-errors.ts';
import { requestsOf } from './requests.ts';

const shop = (children: Parameters<typeof traceOf>[0]['children'], failed = true) =>
  requestsOf(
    traceOf({ service: 'shop', name: 'POST /orders', from: 0, to: 100, failed, children: children ?? [] }),
    'shop',
  );

it('the first error of a cascade is the deepest, not the one that people see', () => {
  const stock = { service: 'stock', name: 'GET /stock', from: 10, to: 30, failed: true };
  const orders = { service: 'orders', name: 'POST /orders', from: 5, to: 50, failed: true };
  const database = {
    ...stock,
    statusMessage: 'connection refused',
    attributes: { 'error.type': 'EREFUSED' },
  };
  const found = firstErrors(shop([call('shop', { ...orders, children: [call('orders', database)] })]));
  expect(found).toEqual([
    {
      service: 'stock',
      operation: 'stock GET /stock',
      error: 'EREFUSED connection refused',
      requests: 1,
      share: 1,
    },
  ]);
});

it('of two branches that failed the one that ended first counts', () => {
  const failing = (service: string, from: number, to: number) =>
    call('shop', { service, name: 'GET /', from, to, failed: true });
  const [first] = firstErrors(shop([failing('late', 5, 90), failing('early', 10, 20)]));
  expect(first).toMatchObject({ service: 'early' });
});

it('a service whose calls all went well failed by itself; shares are of all requests', () => {
  const fine = call('shop', { service: 'orders', name: 'GET /', from: 5, to: 50 });
  const broken = call('shop', { service: 'orders', name: 'GET /', from: 5, to: 50, failed: true });
  const found = firstErrors([...shop([fine]), ...shop([fine]), ...shop([fine]), ...shop([broken])]);
  expect(found.map(({ service, share }) => [service, share])).toEqual([
    ['shop', 0.75],
    ['orders', 0.25],
  ]);
});

it('a database that turns a connection or a statement away is named, one that is asked for what is not there is not', () => {
  const refused = (errorType: string, more: Record<string, string> = { 'db.namespace': 'orders' }) => {
    const attributes = { 'db.system.name': 'postgresql', 'error.type': errorType, ...more };
    const statement = { service: 'shop', name: 'connect', kind: 'client', failed: true, attributes } as const;
    return firstErrors(shop([{ ...statement, from: 1, to: 9 }]))[0];
  };
  expect(refused('53300')).toMatchObject({
    service: 'shop',
    database: 'orders',
    operation: 'postgresql connect',
  });
  expect(refused('ECONNREFUSED', {})).toMatchObject({ database: 'postgresql' });
  for (const fault of ['42P01', '23505', '22012'])
    expect(refused(fault), fault).not.toHaveProperty('database');
});
