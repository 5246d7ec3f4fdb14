import { describe, expect, it } from 'vitest';
import { readEventRate } from './event-rate.ts';
import { ShapeError } from './shape-error.ts';

const read = (query: string, groupBy?: readonly string[]) =>
  readEventRate(query, { isCounter: true, groupBy });
const refusalOf = (query: string) => {
  try {
    return `taken: ${read(query).query}`;
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return error.message;
  }
};

describe('a query is taken for what it counts', () => {
  it.each([
    ['a rate', 'sum(rate(a_total[{{.window}}]))', 'sum(rate(a_total[{{.window}}]))'],
    [
      'an increase, which is scaled',
      'sum(increase(a_total[{{ .window }}]))',
      'sum(rate(a_total[{{.window}}]))',
    ],
    [
      'samples in the window, which are scaled',
      'sum(sum_over_time(up[{{.window}}]))',
      'sum(sum_over_time(up[{{.window}}])) / {{.windowSeconds}}',
    ],
    [
      'samples of a comparison',
      'sum(count_over_time((age < 900)[{{.window}}:1m]))',
      'sum(count_over_time((age < 900)[{{.window}}:1m])) / {{.windowSeconds}}',
    ],
    [
      'a share of another rate',
      'avg(rate(e[{{.window}}])) / avg(rate(t[{{.window}}])) * sum(rate(r[{{.window}}]))',
      'avg(rate(e[{{.window}}])) / avg(rate(t[{{.window}}])) * sum(rate(r[{{.window}}]))',
    ],
    [
      'a name in quotes',
      'sum(rate({"a.b","c.d"="e"}[{{.window}}]))',
      'sum(rate({"a.b","c.d"="e"}[{{.window}}]))',
    ],
    ['a recorded rate for each window', 'job:a:rate{{.window}}', 'job:a:rate{{.window}}'],
    ['comments', '# all\nsum(rate(a[{{.window}}])) # end\n', 'sum(rate(a[{{.window}}]))'],
    ['a # inside a value', 'sum(rate(a{b="#"}[{{.window}}]))', 'sum(rate(a{b="#"}[{{.window}}]))'],
  ])('%s', (_, query, expected) => {
    expect(read(query)).toMatchObject({ query: expected, notes: [] });
  });

  it.each([
    ['a counter alone', 'a_total{b="c"}', 'sum(rate(a_total{b="c"}[{{.window}}]))'],
    ['a counter in a sum', 'sum(a_total)', 'sum(rate(a_total[{{.window}}]))'],
    ['a fixed range', 'sum(rate(a_total[5m]))', 'sum(rate(a_total[{{.window}}]))'],
    ['or vector(0)', 'sum(rate(a_total[{{.window}}])) or vector(0)', 'sum(rate(a_total[{{.window}}]))'],
    [
      'OR on() vector(0)',
      '(sum(rate(a_total[{{.window}}])) OR on() vector(0))',
      '(sum(rate(a_total[{{.window}}])))',
    ],
    [
      'or 0 * another',
      'sum(rate(a[{{.window}}])) or 0 * sum(rate(b[{{.window}}]))',
      'sum(rate(a[{{.window}}]))',
    ],
    ['> 0', 'sum(rate(a_total[{{.window}}])) > 0', 'sum(rate(a_total[{{.window}}]))'],
  ])('after a rewrite that is said: %s', (_, query, expected) => {
    const { query: rewritten, notes } = read(query);
    expect(`sum(${rewritten})`.replace(/^sum\(sum|^sum\(\(sum/, 'sum').replace(/\)+$/, '')).toBe(
      expected.replace(/^\(/, '').replace(/\)+$/, ''),
    );
    expect(notes).toHaveLength(1);
  });

  it('with the labels that it keeps', () => {
    expect(read('sum by (b, a) (rate(x[{{.window}}]))').groupBy).toEqual(['a', 'b']);
    expect(read('sum(rate(x[{{.window}}])) by ("k8s.pod")').groupBy).toEqual(['k8s.pod']);
    expect(read('sum(rate(x[{{.window}}]))', ['pod'])).toMatchObject({
      groupBy: ['pod'],
      query: 'sum by (pod)(rate(x[{{.window}}]))',
    });
  });

  it('and says why telemetry for it can not be made up', () => {
    expect(read('sum(rate(a[{{.window}}]))').notPlain).toBeUndefined();
    expect(read('sum(rate(a[{{.window}}] offset 1m))').notPlain).toBe('it has an offset');
    expect(read('sum(rate(a[{{.window}}])) + sum(rate(b[{{.window}}]))').notPlain).toBe(
      'it has the operator +',
    );
  });
});

describe('every other query is refused, with what was found and what to write', () => {
  it.each([
    [
      'a quantile',
      'histogram_quantile(0.9, sum by (le) (rate(a_bucket[{{.window}}])))',
      'histogram_quantile around',
    ],
    ['a quantile over series', 'quantile(0.9, rate(a[{{.window}}]))', 'quantile around'],
    ['an average over series', 'avg(rate(a[{{.window}}]))', 'an average over series'],
    ['the largest', 'max(rate(a[{{.window}}]))', 'max around'],
    ['a count of series', 'count(rate(a[{{.window}}]))', 'count around'],
    ['an average over time', 'avg_over_time(latency[{{.window}}])', 'avg_over_time around'],
    ['a constant factor', 'sum(rate(a[{{.window}}])) * 60', 'with the constant 60'],
    [
      'a share',
      'sum(rate(a[{{.window}}])) / sum(rate(b[{{.window}}]))',
      'a share, where events are to be counted',
    ],
    [
      'a rate and a count',
      'sum(rate(a[{{.window}}])) + sum(sum_over_time(b[{{.window}}]))',
      'a rate + a count',
    ],
    ['irate', 'sum(irate(a[{{.window}}]))', 'irate around'],
    ['a gauge difference', 'sum(delta(a[{{.window}}]))', 'delta around'],
    ['a range alone', 'a[{{.window}}]', 'without a function'],
    ['no metric', 'count_over_time(vector(1)[{{.window}}:])', 'count_over_time over vector(1)'],
    ['a number', 'vector(1)', 'vector around'],
    [
      'two lengths',
      'sum(rate(a[{{.window}}])) + sum(rate(b[5m]))',
      'a range of [5m] beside one of [{{.window}}]',
    ],
    ['an offset of the window', 'sum(rate(a[{{.window}}] offset {{.window}}))', 'an offset of {{.window}}'],
    ['another time', 'sum(rate(a[{{.window}}] @ end()))', '@ end()'],
    ['a filter by others', 'sum(rate(a[{{.window}}])) unless on() maintenance', 'unless'],
    [
      'sides by other labels',
      'sum by (a) (rate(x[{{.window}}])) - sum(rate(y[{{.window}}]))',
      'other labels',
    ],
    ['without', 'sum without (pod) (rate(a[{{.window}}]))', 'sum without (...)'],
    ["Grafana's variable", 'sum(rate(a[$__rate_interval]))', 'found $__rate_interval; possible: {{.window}}'],
    ['another template', 'sum(rate(a[{{window}}]))', 'found {{window}}; possible: {{.window}}'],
    ['nothing', '# only a comment', 'found'],
    ['what does not parse', 'sum(rate(a[{{.window}}])', 'does not parse at character'],
  ])('%s', (_, query, message) => {
    expect(refusalOf(query)).toContain(message);
    expect(refusalOf(query)).toMatch(/^found .*; possible: ./s);
  });

  it('a series alone that is not said to be a counter', () => {
    expect(() => readEventRate('a_total', { isCounter: false })).toThrow('without a rate');
  });
});
