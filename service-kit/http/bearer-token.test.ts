import { expect, it } from 'vitest';
import { bearerTokenCheck, equalInConstantTime } from './bearer-token.ts';

it.each([
  ['Bearer the-token', true],
  ['bearer the-token', true],
  ['Bearer the-tokem', false],
  ['Bearer the-token-and-more', false],
  ['Bearer the', false],
  ['the-token', false],
  ['Basic the-token', false],
  ['', false],
  [undefined, false],
])('of %j says %s', (authorization, right) => {
  expect(bearerTokenCheck('the-token')(authorization)).toBe(right);
});

it('compares texts of any two lengths', () => {
  expect(equalInConstantTime('a', 'a')).toBe(true);
  expect(equalInConstantTime('', 'a')).toBe(false);
  expect(equalInConstantTime('ä'.repeat(1000), 'a')).toBe(false);
});
