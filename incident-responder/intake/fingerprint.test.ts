import { expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

it("is Alertmanager's: of no labels the offset basis of FNV-1a, of others independent of their order", () => {
  expect(fingerprintOf({})).toBe('cbf29ce484222325');
  expect(fingerprintOf({ b: '2', a: '1' })).toBe(fingerprintOf({ a: '1', b: '2' }));
  expect(fingerprintOf({ a: '12' })).not.toBe(fingerprintOf({ a1: '2' }));
});
