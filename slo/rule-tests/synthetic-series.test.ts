import { describe, expect, it } from 'vitest';
import type { Slo } from '../model/slo.ts';
import { counterNotation } from './counter-notation.ts';
import { candidates, matches } from './matching-labels.ts';
import { syntheticSeries } from './synthetic-series.ts';

function sloOf(numerator: string, total: string): Slo {
  const indicator = { counts: 'bad', numerator, total, missingNumerator: 'zero' };
  return { indicator, groupBy: [], errorBudget: '0.01' } as unknown as Slo;
}

describe('series made up for the queries of an SLO', () => {
  it('share the total between the numerator and the rest where both are of one metric', () => {
    expect(
      syntheticSeries(sloOf('sum(rate(c{result="error"}[{{.window}}]))', 'sum(rate(c[{{.window}}]))')),
    ).toEqual({ numerator: 'c{result="error"}', other: 'c{result="ok"}', otherCounts: 'rest' });
  });

  it.each(['5..', '5\\d\\d', '5[0-9]{2}', '(500|503)', '5.+', '50[03]|599'])(
    'meet the regular expression %s',
    (pattern) => {
      const matcher = { label: 'code', operator: '=~', value: pattern } as const;
      const value = candidates([matcher]).find((each) => matches(matcher, each));
      expect(value).toMatch(new RegExp(`^(?:${pattern})$`));
    },
  );

  it('differ from the numerator where that excludes values', () => {
    const series = syntheticSeries(
      sloOf('sum(rate(c{code!~"2..",job="a"}[{{.window}}]))', 'sum(rate(c{job="a"}[{{.window}}]))'),
    );
    expect(series).toMatchObject({ otherCounts: 'rest' });
    expect(series).toMatchObject({ other: expect.stringMatching(/code="2\w\w"/) });
  });

  it('are two independent counters for two metrics', () => {
    expect(
      syntheticSeries(sloOf('sum(rate(bad_total[{{.window}}]))', 'sum(rate(all_total[{{.window}}]))')),
    ).toEqual({ numerator: 'bad_total{}', other: 'all_total{}', otherCounts: 'total' });
  });

  it('are none for a query that is more than sums of rates', () => {
    const slo = sloOf('rate(a[{{.window}}])', 'rate(c[{{.window}}])');
    const indicator = { ...slo.indicator, notPlain: 'it has 2 selectors' };
    expect(syntheticSeries({ ...slo, indicator })).toEqual({
      reason: 'of its queries one is special: it has 2 selectors',
    });
  });
});

describe("promtool's notation", () => {
  it('is read back as the samples it was made from', () => {
    expect(counterNotation([5, 7, 9, undefined, undefined, 3, 3, 3, 10])).toBe('5+2x2 _x2 3+0x2 10');
  });
});
