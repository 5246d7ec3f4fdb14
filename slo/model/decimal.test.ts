import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, decimalOf, multiply, subtract } from './decimal.ts';

describe('decimal arithmetic', () => {
  it.each([
    ['1', '0.999', '0.001'],
    ['100', '99.9', '0.1'],
    ['1', '0.95', '0.05'],
    ['0.5', '0.75', '-0.25'],
  ])('%s - %s is %s, where floats leak digits', (minuend, subtrahend, difference) => {
    expect(subtract(minuend, subtrahend)).toBe(difference);
  });

  it('multiplies without rounding', () => {
    expect(multiply('14.4', '0.001')).toBe('0.0144');
    expect(multiply('99.95', '0.01')).toBe('0.9995');
  });

  it('writes small floats without an exponent', () => {
    expect(decimalOf(0.0000001)).toBe('0.0000001');
  });

  it('agrees with integers', () => {
    const integer = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expect(subtract(String(a), String(b))).toBe(String(a - b));
        expect(multiply(String(a), String(b))).toBe(String(a * b).replace('-0', '0'));
        expect(compare(String(a), String(b))).toBe(Math.sign(a - b));
      }),
    );
  });

  it('refuses what is no decimal', () => {
    expect(() => multiply('1e3', '2')).toThrow('expected a decimal such as 99.95, got "1e3"');
    expect(() => decimalOf(Number.NaN)).toThrow('expected a finite number');
  });
});
