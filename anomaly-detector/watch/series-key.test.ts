import { describe, expect, it } from 'vitest';
import { keptLabels, seriesKey } from './series-key.ts';

describe('the labels of a watched series', () => {
  it('are those the rule keeps, in one order, whatever order they come in', () => {
    const one = keptLabels({ b: '2', a: '1', c: '3' }, ['a', 'b'], []);
    const other = keptLabels({ a: '1', c: '4', b: '2' }, ['a', 'b'], []);
    expect(seriesKey(one)).toBe('{a="1",b="2"}');
    expect(seriesKey(other)).toBe(seriesKey(one));
  });

  it('leave out the name of the metric and empty labels, which Prometheus takes as absent', () => {
    expect(keptLabels({ __name__: 'up', job: 'a', zone: '' }, undefined, [])).toEqual({ job: 'a' });
  });

  it('do not collide with the labels of the alert', () => {
    expect(keptLabels({ severity: 'high' }, undefined, ['severity'])).toEqual({ exported_severity: 'high' });
  });

  it('are bounded in length', () => {
    expect(keptLabels({ path: 'x'.repeat(5000) }, undefined, []).path).toHaveLength(200);
  });

  it('are told apart even when their values look like each other', () => {
    expect(seriesKey({ a: '1",b="2' })).not.toBe(seriesKey({ a: '1', b: '2' }));
  });
});
