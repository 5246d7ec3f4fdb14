import { join } from 'node:path';
import { syntaxError } from '@aiops-sre/slo/promql/promql.ts';
import { expect, it } from 'vitest';
import { readShippedRules } from './shipped-rules.ts';

it('the shipped alerts are asked of the counters and the minute series alone', async () => {
  const file = join(import.meta.dirname, '..', 'prometheus', 'rules', 'storefront-availability.rules.yml');
  const { alerts, minuteSeries } = await readShippedRules(file);
  expect(alerts.map(({ severity, window }) => `${severity} ${window}`)).toEqual([
    'page ',
    'ticket 1d',
    'ticket 3d',
  ]);
  for (const { expr } of [...alerts, ...minuteSeries]) {
    expect(syntaxError(expr)).toBeUndefined();
    const recorded = new Set(expr.match(/slo:[a-z0-9_:]+/g));
    for (const { record } of minuteSeries) recorded.delete(record);
    expect([...recorded]).toEqual([]);
  }
});
