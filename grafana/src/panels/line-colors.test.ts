import { describe, expect, test } from 'vitest';
import { NO_LEVELS } from './levels.ts';
import { rangeQuery } from './prometheus-query.ts';
import { timeSeries } from './time-series.ts';

const colorsOf = (name: string, more: { readonly failing?: string } = {}, legend = '{{instance}}') =>
  timeSeries({
    title: '',
    description: '',
    unit: 'none',
    levels: NO_LEVELS,
    ...more,
    queries: [rangeQuery('A', legend, 'up')],
  })
    .build()
    .fieldConfig!.overrides.filter(({ matcher }) => {
      if (matcher.id === 'byName') return matcher.options === name;
      // As Grafana reads it: what has no slashes is the whole name.
      const [, pattern] = /^\/(.+)\/$/.exec(matcher.options) ?? [];
      return new RegExp(pattern ?? `^${matcher.options}$`).test(name);
    })
    .map(({ properties }) => properties[0]!.value.fixedColor as string);

describe('colours of lines', () => {
  test.each(['storefront', '/api/orders/:id', 'GET /api/users server', 'x', '200', 'naïve'])(
    'a name has one hue: %s',
    (name) => {
      expect(colorsOf(name)).toHaveLength(1);
    },
  );

  test('instances of a service, and services, differ', () => {
    const instances = ['fulfillment-1', 'fulfillment-2', 'fulfillment-3', 'fulfillment-4'];
    const services = ['storefront', 'identity', 'fulfillment'];
    for (const names of [instances, services])
      expect(new Set(names.flatMap((name) => colorsOf(name))).size).toBe(names.length);
  });

  test('a line that is about failures is red, whatever its name', () => {
    expect(colorsOf('500', { failing: '^5' }).at(-1)).toBe('red');
    expect(colorsOf('200', { failing: '^5' }).at(-1)).not.toBe('red');
  });

  test('a line that its query names has the hue of its place', () => {
    expect(colorsOf('p50', {}, 'p50')).toHaveLength(1);
  });
});
