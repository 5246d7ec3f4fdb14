import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { acceptedProposals } from './proposals.ts';

const { PROMTOOL } = process.env;
const query = {
  kind: 'query',
  name: 'Failures',
  expr: 'sum(rate(http_requests_total[5m]))',
  for: '',
  why: 'Why.',
};
const rule = { ...query, kind: 'rule', name: 'RequestsFail', expr: 'up == 0', for: '5m' };
const names = async (proposed: readonly unknown[], promtool?: string) =>
  (await acceptedProposals(proposed, promtool)).map(({ name }) => name);

it('a rule is shown as YAML that Prometheus reads, a query as it is', async () => {
  const [shown, looked] = await acceptedProposals([rule, query], undefined);
  expect(parse(shown!.text)).toEqual([
    {
      ...{ alert: 'RequestsFail', expr: 'up == 0', for: '5m' },
      labels: { severity: 'ticket' },
      annotations: { summary: 'Why.' },
    },
  ]);
  expect(looked!.text).toBe(query.expr);
});

it.each([
  ['no PromQL', { ...query, expr: 'sum(' }],
  ['nothing', { ...query, expr: ' ' }],
  ['a command', { ...query, kind: 'command', expr: 'rm -rf /' }],
  ['a rule of no name', { ...rule, name: 'requests fail' }],
  ['a rule without a time', { ...rule, for: '' }],
  ['a template that Prometheus would run', { ...rule, why: '{{ query "up" }}' }],
  ['lines that only look like one', { ...query, name: 'a\u2028b' }],
  ['a text that is not seen', { ...query, why: 'a\u202eb' }],
  ['more than it may say', { ...query, severity: 'page' }],
  ['no object', 'sum(up)'],
])('%s is dropped, what is beside it is not', async (_what, proposed) => {
  expect(await names([proposed, query])).toEqual(['Failures']);
});

it('three are looked at', async () => {
  expect(await names([query, query, query, query])).toHaveLength(3);
});

it('without its promtool none is accepted', async () => {
  expect(await names([query], '/nowhere/promtool')).toEqual([]);
});

describe.skipIf(!PROMTOOL)('promtool', () => {
  it('accepts what it can read, and not what is grammar alone', async () => {
    const wrong = { ...query, name: 'Wrong', expr: 'rate(up)' };
    expect(await names([wrong, query], undefined)).toEqual(['Wrong', 'Failures']);
    expect(await acceptedProposals([wrong, query, rule], PROMTOOL)).toMatchObject([
      { name: 'Failures', acceptedBy: 'promtool' },
      { name: 'RequestsFail', acceptedBy: 'promtool' },
    ]);
  });
});
