import { expect, it } from 'vitest';
import { bearerTokenCheck, secretCheck } from './bearer-token.ts';

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
  expect(secretCheck('a')('a')).toBe(true);
  expect(secretCheck('a')('')).toBe(false);
  expect(secretCheck('a')('ä'.repeat(1000))).toBe(false);
});
