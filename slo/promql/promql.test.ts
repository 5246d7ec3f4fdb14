import { describe, expect, it } from 'vitest';
import { hasWindowPlaceholder, overWindow, summed, syntaxError } from './promql.ts';
import { metricSelectors, withMatcher } from './selectors.ts';

describe('queries with a window placeholder', () => {
  it('are found and filled whatever the spaces', () => {
    expect(hasWindowPlaceholder('sum(rate(a[{{ .window }}]))')).toBe(true);
    expect(hasWindowPlaceholder('sum(rate(a[5m]))')).toBe(false);
    expect(overWindow('rate(a[{{.window}}]) + rate(b[{{ .window }}])', '5m')).toBe(
      'rate(a[5m]) + rate(b[5m])',
    );
  });

  it('parse, or say where they do not', () => {
    expect(syntaxError('sum(rate(a{b="c"}[{{.window}}]))')).toBeUndefined();
    expect(syntaxError('sum(rate(a[{{.window}}])')).toMatchObject({ offset: expect.any(Number) });
    expect(syntaxError('')).toEqual({ offset: 0, near: '' });
  });

  it.each([
    ['rate(a_bucket[{{.window}}])', 'rate(a_bucket{le="1"}[{{.window}}])'],
    ['rate(a_bucket{}[{{.window}}])', 'rate(a_bucket{le="1"}[{{.window}}])'],
    ['rate(a_bucket{b="c",}[{{.window}}])', 'rate(a_bucket{b="c",le="1"}[{{.window}}])'],
  ])('%s gets another matcher', (query, result) => {
    expect(withMatcher(query, 'le="1"')).toBe(result);
  });

  it('are summed to one series unless they are already', () => {
    expect(summed('sum(rate(a[5m]))')).toBe('sum(rate(a[5m]))');
    expect(summed('sum by (b) (rate(a[5m]))')).toBe('sum(sum by (b) (rate(a[5m])))');
    expect(summed('sum(rate(a[5m])) + sum(rate(b[5m]))')).toBe('sum(sum(rate(a[5m])) + sum(rate(b[5m])))');
  });

  it('tell their selectors with matchers as they are meant', () => {
    expect(metricSelectors(String.raw`rate(a{b=~"x\\.y",c!='z'}[{{.window}}])`)).toMatchObject([
      {
        metric: 'a',
        matchers: [
          { label: 'b', operator: '=~', value: String.raw`x\.y` },
          { label: 'c', operator: '!=', value: 'z' },
        ],
      },
    ]);
  });
});
