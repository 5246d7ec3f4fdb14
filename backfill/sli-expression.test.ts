import { expect, test } from 'vitest';
import type { Minute } from './past.ts';
import type { CountedSeries } from './series.ts';
import { eventsOf } from './sli-expression.ts';

const minute = {} as Minute;
const counted = (metric: string, labels: Record<string, string>, events: number) =>
  ({ metric, labels, events: () => events }) as unknown as CountedSeries;
const series = [
  counted('requests_total', { service: 'shop', code: '200' }, 90),
  counted('requests_total', { service: 'shop', code: '500' }, 8),
  counted('requests_total', { service: 'shop', code: '503' }, 2),
  counted('requests_total', { service: 'other', code: '200' }, 1000),
];
const value = (expression: string) => eventsOf(expression, series)(minute);
const ALL = 'sum(rate(requests_total{service="shop"}[5m]))';

test.each([
  [ALL, 100],
  ['sum(rate(requests_total{service="shop",code=~"5.."}[5m]))', 10],
  ['sum(rate(requests_total{service!="other",code!~"5..",absent=""}[5m]))', 90],
  [`clamp_min(${ALL} - (sum(rate(requests_total{code="200",service="shop"}[5m])) or 0 * ${ALL}), 0)`, 10],
  [`sum(rate(requests_total{code="404"}[5m])) or 0 * ${ALL}`, 0],
  [`clamp_min(${ALL} - sum(rate(requests_total[5m])), 0)`, 0],
  [`${ALL} / 2 + sum(rate(requests_total{code="500"}[5m]))`, 58],
])('%s is %d events', (expression, expected) => {
  expect(value(expression)).toBe(expected);
});

test.each([
  ['sum(rate(payments_total[5m]))', 'payments_total is not part of the backfill'],
  ['sum by (code) (rate(requests_total[5m]))', 'is not computed from the backfill'],
  ['sum(rate(requests_total[5m] offset 1h))', 'is not computed from the backfill'],
  ['sum(increase(requests_total[5m]))', 'is not computed from the backfill'],
  ['sum(rate(requests_total{code="404"}[5m]))', 'selects nothing of the backfill'],
  ['max(rate(requests_total[5m]))', 'is not computed from the backfill'],
])('%s is refused, not guessed', (expression, message) => {
  expect(() => value(expression)).toThrow(message);
});
