import { expect, it } from 'vitest';
import { formatQuantity, parseQuantity } from './quantity.ts';

it.each([
  ['256Mi', 268_435_456],
  ['1Gi', 1_073_741_824],
  ['1500m', 1.5],
  ['0.5', 0.5],
  ['2G', 2e9],
  ['much', undefined],
  ['-1', undefined],
])('the quantity %s is %s', (text, amount) => expect(parseQuantity(text)).toBe(amount));

it('amounts are written in the units of their resource', () => {
  expect(formatQuantity('memory', 402_653_184)).toBe('384Mi');
  expect(formatQuantity('cpu', 0.75)).toBe('750m');
  expect(formatQuantity('cpu', 0.1 * 3)).toBe('300m');
});
