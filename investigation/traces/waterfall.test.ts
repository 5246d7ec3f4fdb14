import { expect, it } from 'vitest';
import { call, traceOf } from '../testing/trace-builder.ts';
import { requestsOf } from './requests.ts';
import { waterfall } from './waterfall.ts';

const [request] = requestsOf(
  traceOf({
    service: 'shop',
    name: 'POST /orders',
    from: 0,
    to: 100,
    children: [
      call('shop', { service: 'stock', name: 'GET /stock', from: 2, to: 10, failed: true }),
      call('shop', { service: 'orders', name: 'POST /orders', from: 20, to: 95 }),
    ],
  }),
  'shop',
);

it('draws parents before children, each from the start of the request, with what delayed it', () => {
  const lines = waterfall(request!, 10);
  expect(lines.map(({ service, depth }) => [service, depth])).toEqual([
    ['shop', 0],
    ['shop', 1],
    ['stock', 2],
    ['shop', 1],
    ['orders', 2],
  ]);
  expect(lines[4]).toMatchObject({ startMs: 20, durationMs: 75, delayedMs: 75, failed: false });
  expect(lines.reduce((sum, { delayedMs }) => sum + delayedMs, 0)).toBeCloseTo(100);
});

it('of a long trace the spans are left that failed or took the time, and move up', () => {
  expect(waterfall(request!, 4).map(({ service, depth }) => [service, depth])).toEqual([
    ['shop', 0],
    ['shop', 1],
    ['stock', 2],
    ['orders', 1],
  ]);
});
