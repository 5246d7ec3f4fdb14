import { expect, it } from 'vitest';
import { traceOf } from '../testing/trace-builder.ts';
import { factsOf } from './facts.ts';
import { spanTree } from './span.ts';

const named = (name: string, spanId: string, parentSpanId: string) => ({
  ...traceOf({ service: 'shop', name, from: 0, to: 1, attributes: { 'http.route': name } }).spans[0]!,
  spanId,
  parentSpanId,
});

it.each([
  ['its own parent', [named('/a', '1', '1')]],
  ['its callee’s callee', [named('/a', '1', '2'), named('/b', '2', '1')]],
  ['one of two with one id', [named('/a', '1', '2'), named('/b', '2', '1'), named('/c', '1', '')]],
])('a span that is %s hangs in a tree without circles', (_what, spans) => {
  const tree = spanTree({ traceId: '0', spans });
  for (const span of spans)
    expect(factsOf(span, tree)).toContain(`shop http.route=${span.attributes['http.route']}`);
  expect(spans.some((span) => tree.parentOf(span) === undefined)).toBe(true);
});
