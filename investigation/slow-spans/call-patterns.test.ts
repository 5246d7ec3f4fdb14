import { describe, expect, it } from 'vitest';
import { call, type SpanSpec, traceOf } from '../testing/trace-builder.ts';
import { spanTree } from '../traces/span.ts';
import { callPatterns } from './call-patterns.ts';

const answer = (from: number, to: number, failed = false, name = 'GET /accounts/:id'): SpanSpec => ({
  service: 'identity',
  name,
  from,
  to,
  failed,
});
const lost = (from: number, to: number): SpanSpec => ({
  service: 'shop',
  name: 'POST',
  kind: 'client',
  from,
  to,
  failed: true,
  attributes: { 'url.full': 'http://127.0.0.1:2/accounts/:id' },
});

function patterns(children: readonly SpanSpec[]) {
  const trace = traceOf({ service: 'shop', name: 'GET /users', from: 0, to: 1000, children });
  return callPatterns(trace.spans[0]!, spanTree(trace));
}

describe('an N+1', () => {
  it('is many calls of one operation by one span, with the time they take together', () => {
    const loop = Array.from({ length: 20 }, (_, index) =>
      call('shop', answer(index * 40 + 2, index * 40 + 30)),
    );
    expect(patterns(loop)).toEqual([
      {
        kind: 'n+1',
        caller: 'shop GET /users',
        operation: 'identity GET /accounts/:id',
        calls: 20,
        failed: 0,
        sequential: true,
        milliseconds: 20 * 30,
      },
    ]);
  });

  it('may be in parallel', () => {
    const loop = Array.from({ length: 20 }, () => call('shop', answer(10, 100)));
    expect(patterns(loop)).toMatchObject([{ kind: 'n+1', sequential: false, milliseconds: 92 }]);
  });

  it('is not a handful of calls, nor many of different operations', () => {
    expect(patterns([1, 2, 3, 4].map((n) => call('shop', answer(n * 10, n * 10 + 5))))).toEqual([]);
    const different = Array.from({ length: 10 }, (_, n) =>
      call('shop', answer(n * 10, n * 10 + 5, false, `GET /route-${n}`)),
    );
    expect(patterns(different)).toEqual([]);
  });
});

describe('a retry', () => {
  it('is the same call again after it failed', () => {
    expect(patterns([call('shop', answer(10, 20, true)), call('shop', answer(30, 40))])).toMatchObject([
      { kind: 'retry', operation: 'identity GET /accounts/:id', calls: 2, failed: 1 },
    ]);
  });

  it('is one also where nobody answered the first call', () => {
    expect(patterns([lost(5, 20), call('shop', answer(30, 40))])).toMatchObject([
      { kind: 'retry', operation: 'identity GET /accounts/:id', calls: 2, failed: 1 },
    ]);
  });

  it('is not a call that failed last, nor a loop in which one entry failed', () => {
    expect(patterns([call('shop', answer(10, 20)), call('shop', answer(30, 40, true))])).toEqual([]);
    const loop = Array.from({ length: 20 }, (_, n) => call('shop', answer(n * 40 + 2, n * 40 + 30, n === 7)));
    expect(patterns(loop)).toMatchObject([{ kind: 'n+1', failed: 1 }]);
  });
});
