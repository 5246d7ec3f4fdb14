import { expect, it } from 'vitest';
import { parseWhere, resolveAttribute, traceqlOf } from './where.ts';

const KNOWN = {
  span: ['shop.region', 'shop.customer.tier', 'http.route', 'http.response.status_code', 'a.kind', 'b.kind'],
  resource: ['service.version', 'telemetry.sdk.version', 'bad"name.region'],
};

it('takes conditions with short names, whole names, and values with blanks and signs', () => {
  expect(parseWhere(' region=eu  shop.customer.tier="very \\"gold\\" \\\\"  version=1.2 ', KNOWN)).toEqual([
    { scope: 'span', name: 'shop.region', value: 'eu' },
    { scope: 'span', name: 'shop.customer.tier', value: 'very "gold" \\' },
    { scope: 'resource', name: 'service.version', value: '1.2' },
  ]);
});

it.each([
  ['', /expected 1 to 10 conditions, got 0/],
  ['region', /expected conditions such as 'region=eu tier="gold"', got "region"/],
  ['region=eu and tier=gold', /got "and tier=gold"/],
  ['region="eu', /got "region=\\"eu"/],
  ['region="eu"tier=gold', /got "region=\\"eu\\"tier=gold"/],
  ['region=eu=us"', /got "region=eu=us\\""/],
  ['planet=mars', /no span in this range has an attribute planet; there are a\.kind, b\.kind, http\./],
  ['kind=x', /kind may be a\.kind or b\.kind; give the whole name/],
  ['x}||{=1', /expected the name of an attribute/],
  [`region=${'x'.repeat(257)}`, /at most 256 characters/],
  [Array(11).fill('region=eu').join(' '), /1 to 10 conditions, got 11/],
])('refuses %j, and says what was expected', (text, message) => {
  expect(() => parseWhere(text, KNOWN)).toThrow(message);
});

it('offers no name that could not be written in a query', () => {
  expect(() => resolveAttribute('--group-by', 'x', KNOWN)).toThrow(/^(?!.*bad"name)/);
});

it('writes every value as one text of TraceQL, whatever is in it, and a number as both', () => {
  const region = (value: string) => traceqlOf([{ scope: 'span', name: 'shop.region', value }]);
  expect(region('eu')).toBe(' && span."shop.region" = "eu"');
  expect(region('" || true || "')).toBe(' && span."shop.region" = "\\" || true || \\""');
  expect(region('a\\" } | select(x')).toBe(' && span."shop.region" = "a\\\\\\" } | select(x"');
  expect(region('502')).toBe(' && (span."shop.region" = "502" || span."shop.region" = 502)');
  expect(region('1 || 1')).toBe(' && span."shop.region" = "1 || 1"');
});
