import { describe, expect, it } from 'vitest';
import { fill } from './placeholders.ts';
import { promqlProblem } from './promql.ts';

const TEMPLATE = 'up{instance="{{instance}}"} == 0';

describe('placeholders', () => {
  it('take plain names', () => {
    expect(fill(TEMPLATE, { instance: 'fulfillment-3' })).toBe('up{instance="fulfillment-3"} == 0');
    expect(promqlProblem(fill(TEMPLATE, { instance: '127.0.0.1:3000' }))).toBeUndefined();
  });

  it.each([
    ['ends the string', 'x"} or vector(1) or up{instance="'],
    ['is a regular expression', '.*'],
    ['runs a shell', '$(reboot)'],
    ['runs a shell in backquotes', '`reboot`'],
    ['is HTML', '<script>alert(1)</script>'],
    ['leaves a path', '../../admin/crash'],
    ['breaks the line', 'a\nb'],
    ['is itself a placeholder', '{{service}}'],
    ['is empty', ''],
    ['is endless', 'a'.repeat(101)],
  ])('refuse a value that %s', (_case, instance) => {
    expect(() => fill(TEMPLATE, { instance })).toThrow('expected a plain name');
  });

  it('refuse a value that nobody gave, whatever objects inherit', () => {
    expect(() => fill(TEMPLATE, {})).toThrow('nothing is known');
    expect(() => fill('{{constructor}}', {})).toThrow('nothing is known');
  });
});
