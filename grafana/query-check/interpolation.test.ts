import { describe, expect, test } from 'vitest';
import { interpolated, intervalsOf } from './interpolation.ts';

const hour = intervalsOf(3600, 700);

describe('a query of a dashboard', () => {
  test.each([
    ['rate(x{service="$service"}[$__rate_interval])', 'rate(x{service="storefront"}[120s])'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax
    ['x{a=~"${service:regex}"}[$__range]', 'x{a=~"storefront"}[3600s]'],
    ['label_replace(x, "a", "$1", "b", "(.+)")', 'label_replace(x, "a", "$1", "b", "(.+)")'],
  ])('%s is asked as %s', (text, asked) => {
    expect(interpolated(text, { service: 'storefront' }, hour)).toBe(asked);
  });

  test('over a long time has a rate interval longer than its step, so that no sample is left out', () => {
    const month = intervalsOf(30 * 86_400, 600);
    expect(interpolated('$__rate_interval $__interval', {}, month)).toBe('4350s 4320s');
  });

  test('with a variable that has no value is an error that names it', () => {
    expect(() => interpolated('x{slo="$slo"}', {}, hour)).toThrow('$slo');
  });
});
