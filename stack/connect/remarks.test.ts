import { expect, test } from 'vitest';
import { remarks } from './remarks.ts';
import { NOTHING, observed } from './testing/observations.ts';

const told = (last: Parameters<typeof observed>[0], service = 'shop') =>
  remarks(service, NOTHING, observed(last)).join('\n');

test('a service that is as it should be has none', () => {
  const spans = { byKind: { SPAN_KIND_SERVER: 10, SPAN_KIND_INTERNAL: 50 }, names: 12 };
  expect(told({ prometheus: { spans } })).toBe('');
  const justCame = { byKind: { SPAN_KIND_SERVER: 0, SPAN_KIND_INTERNAL: 0 }, names: 2 };
  expect(told({ prometheus: { spans: justCame } })).toBe('');
});

test.each<[string, Parameters<typeof observed>[0], string]>([
  [
    'no request among its spans',
    { prometheus: { spans: { byKind: { SPAN_KIND_INTERNAL: 3 }, names: 1 } } },
    'SERVER or CONSUMER (INTERNAL)',
  ],
  [
    'spans without a kind',
    { prometheus: { spans: { byKind: { SPAN_KIND_UNSPECIFIED: 3 }, names: 1 } } },
    'spans without a kind',
  ],
  [
    'ids in the names of its spans',
    { prometheus: { spans: { byKind: { SPAN_KIND_SERVER: 1 }, names: 2000 } } },
    '2000 names',
  ],
  ['routes beyond the bound', { prometheus: { overflow: true } }, 'counted together'],
  ['data points left out', { collector: { beyondBounds: 12 } }, '12 data points were left out'],
])('%s is told', (_what, last, expected) => {
  expect(told(last)).toContain(expected);
});

test('a name that changes at each start is told from its family', () => {
  const senders = ['shop-7f9c4', 'shop-81aa0', 'shop-1', 'shopping'];
  expect(told({ prometheus: { senders } }, 'shop-1')).toContain('3 names differ in a number alone');
  expect(told({ prometheus: { senders } }, 'shopping')).toBe('');
});
