import { expect, it } from 'vitest';
import { promtool } from '../testing/promtool-rig.ts';
import { checkFinishedRules } from './finished-rules.ts';

const file = (expr: string, summary = 'fine') => {
  const rules = [
    { record: 'a:b', expr },
    { alert: 'A', expr: 'vector(1)', annotations: { summary } },
  ];
  return new Map([['shop.rules.yml', JSON.stringify({ groups: [{ name: 'page', rules }] })]]);
};

it.each([
  ['sum(rate(a[5m])', 'shop.rules.yml: page.a:b: found an expression that does not parse near'],
  ['sum(rate(a[{{.window}}]))', 'near "{{.window}}"'],
  ['rate(a[$__interval])', 'near "$__interval"'],
])('the expression %s is not written', async (expr, message) => {
  await expect(checkFinishedRules(file(expr), undefined)).rejects.toThrow(message);
});

it.skipIf(promtool === undefined).each([
  ['an expression of the wrong type', 'rate(sum(a))', 'fine'],
  ['a template that is none', 'sum(a)', 'Lane {{ depot }}'],
])('promtool refuses %s', async (_, expr, summary) => {
  await expect(checkFinishedRules(file(expr, summary), promtool)).rejects.toThrow(
    'shop.rules.yml: found what promtool refuses: ',
  );
});

it('rules that Prometheus takes pass', async () => {
  await expect(checkFinishedRules(file('sum(rate(a[5m]))'), promtool)).resolves.toBeUndefined();
});
