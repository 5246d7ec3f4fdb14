import { expect, it } from 'vitest';
import { z } from 'zod';
import { check } from './check.ts';

const lines = (schema: z.ZodType, value: unknown) =>
  check(schema, value).problems?.map(
    ({ path, found, possible }) => `${path.join('.')}: ${found}; ${possible}`,
  ) ?? ['accepted'];

it('gives the value as the schema has it', () => {
  expect(check(z.strictObject({ a: z.number().default(1) }), {}).data).toEqual({ a: 1 });
});

it('names every unknown field, and those that there are', () => {
  const schema = z.strictObject({
    inner: z.strictObject({ a: z.string().optional(), b: z.string().optional() }),
  });
  expect(lines(schema, { inner: { c: 1, d: 1 } })).toEqual([
    'inner.c: an unknown field; a, b',
    'inner.d: an unknown field; a, b',
  ]);
});

it.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, 'nothing; text'],
  [z.string(), null, 'nothing; text'],
  [z.number(), 'high', '"high"; a number'],
  [z.int(), 1.5, '1.5; a whole number'],
  [z.boolean(), 'yes', '"yes"; true or false'],
  [z.strictObject({}), [], '[]; a mapping'],
  [z.record(z.string(), z.string()), 'x', '"x"; a mapping'],
  [z.array(z.string()), {}, '{}; a list'],
  [z.tuple([z.string()]), 'x', '"x"; a list'],
  [z.tuple([z.string()]), ['a', 'b'], '["a","b"]; at most 1 item'],
  [z.array(z.string()).length(2), ['a'], '["a"]; exactly 2 items'],
  [z.number().min(2), 1, '1; at least 2'],
  [z.number().lt(2), 2, '2; less than 2'],
  [z.string().min(1), '', '""; text that is not empty'],
  [z.string().max(3), 'long', '"long"; at most 3 characters'],
  [z.enum(['a', 'b']), 'c', '"c"; a, b'],
  [z.literal(1), 2, '2; 1'],
  [z.url(), 'x', '"x"; a URL'],
  [z.string().regex(/^a+$/), 'b', '"b"; text that matches /^a+$/'],
  [z.string().regex(/^a+$/, 'expected some a'), 'b', '"b"; some a'],
  [z.union([z.string(), z.array(z.string())]), 1, '1; text, or a list'],
  [
    z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
    {},
    'a, b',
  ],
])('says what is possible in words (%#)', (schema, value, line) => {
  expect(lines(schema, value)).toEqual([expect.stringContaining(line)]);
});

it('of a union says what is wrong inside of the kind that was meant', () => {
  const schema = z.strictObject({
    rollback: z.union([z.literal('restore'), z.strictObject({ none: z.string().min(10) })]),
  });
  expect(lines(schema, { rollback: { none: 'short' } })).toEqual([
    'rollback.none: "short"; at least 10 characters',
  ]);
});
