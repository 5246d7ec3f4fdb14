import { expect, it } from 'vitest';
import { type SpanSpec, traceOf } from '../testing/trace-builder.ts';
import { spanTree } from '../traces/span.ts';
import { criticalPath } from './critical-path.ts';

const span = (name: string, from: number, to: number, ...children: SpanSpec[]): SpanSpec => ({
  service: 'shop',
  name,
  from,
  to,
  children,
});

function pathOf(root: SpanSpec): Record<string, number> {
  const trace = traceOf(root);
  const segments = criticalPath(trace.spans[0]!, spanTree(trace));
  return Object.fromEntries(segments.map(({ span: { name }, milliseconds }) => [name, milliseconds]));
}

it.each<[string, SpanSpec, Record<string, number>]>([
  ['a span without children is all its own', span('root', 0, 100), { root: 100 }],
  [
    'children one after the other are all on it',
    span('root', 0, 100, span('a', 10, 40), span('b', 50, 90)),
    { root: 30, a: 30, b: 40 },
  ],
  [
    'of parallel children only the last to end is',
    span('root', 0, 100, span('short', 10, 50), span('long', 10, 90)),
    { root: 20, long: 80 },
  ],
  [
    'of overlapping children the earlier is until the later began',
    span('root', 0, 100, span('a', 0, 60), span('b', 40, 100)),
    { a: 40, b: 60 },
  ],
  [
    'what a child does below counts as done there',
    span('root', 0, 100, span('a', 0, 100, span('deep', 20, 90))),
    { a: 30, deep: 70 },
  ],
  [
    'a child that outlives its parent delays it no longer than the parent',
    span('root', 0, 100, span('late', 80, 500)),
    { root: 80, late: 20 },
  ],
  ['a child after the end delays nothing', span('root', 0, 100, span('after', 120, 500)), { root: 100 }],
])('%s', (_title, root, expected) => {
  expect(pathOf(root)).toEqual(expected);
});

it('adds up to the duration, whatever the spans', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const grow = (depth: number): SpanSpec => {
    const from = Math.floor(random() * 100);
    const children = depth === 0 ? [] : Array.from({ length: 3 }, () => grow(depth - 1));
    return span(`${random()}`, from, from + 1 + Math.floor(random() * 200), ...children);
  };
  for (let round = 0; round < 50; round += 1) {
    const root = grow(3);
    const sum = Object.values(pathOf(root)).reduce((total, part) => total + part, 0);
    expect(sum).toBeCloseTo(root.to - root.from, 6);
  }
});
