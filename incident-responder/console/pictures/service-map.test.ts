import { expect, it } from 'vitest';
import { HOSTILE_TEXT } from '../testing/example-incident.ts';
import { serviceMap } from './service-map.ts';

const call = (client: string, server: string, rate = 1) => ({ client, server, rate, failedShare: 0 });
const drawn = (calls: ReturnType<typeof call>[]) => serviceMap(calls, () => 'plain')!.markup;
const columnOf = (markup: string, name: string) =>
  Number(new RegExp(`/services/${name}"[^>]*><rect x="(\\d+)"`).exec(markup)?.[1]) / 220;

it('puts callers left of whom they call, also where they call in a circle', () => {
  const markup = drawn([
    call('web', 'shop'),
    call('shop', 'stock'),
    call('web', 'stock'),
    call('stock', 'shop'),
  ]);
  expect(columnOf(markup, 'web')).toBe(0);
  expect(columnOf(markup, 'shop')).toBeGreaterThan(0);
  expect(columnOf(markup, 'stock')).toBeGreaterThan(0);
});

it('leaves names what they are: text', () => {
  expect(drawn([call(HOSTILE_TEXT, 'shop')])).not.toContain('<img');
});

it('shows thirty services at most, the busiest ways first', () => {
  const markup = drawn(Array.from({ length: 200 }, (_, at) => call('web', `s${at}`, at)));
  expect(markup.match(/<rect/g)).toHaveLength(30);
  expect(markup).toContain('/services/s199"');
  expect(serviceMap([call('a', 'a')], () => 'plain')).toBeNull();
});

it('leads to no page of who only calls and sends nothing itself: they are outside', () => {
  const markup = serviceMap([call('user', 'web'), call('web', 'shop')], (name) =>
    name === 'web' ? 'good' : undefined,
  )!.markup;
  expect(markup).toContain('<title>user: calls from outside</title>');
  expect(markup).not.toContain('/services/user"');
  // A database sends nothing either; its callers tell of it.
  expect(markup).toContain('/services/shop"');
});
