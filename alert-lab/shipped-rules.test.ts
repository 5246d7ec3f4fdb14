import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { syntaxError } from '@aiops-sre/slo/promql/promql.ts';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
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

it('recorded series are told by grammar, whatever stands in their labels', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'odd.rules.yml');
  const labels = { route: '/users/{id}' };
  const minute = (record: string) => ({ record, expr: 'a', labels });
  const rules = [
    minute(SERIES.totalRateMinute),
    minute(SERIES.badRateMinute),
    { record: 'slo:odd', expr: 'b{route="/users/{id}"}', labels },
    { alert: 'ErrorBudgetBurn', expr: 'avg_over_time(slo:odd{route="/users/{id}"}[1h]) > 1', labels },
  ];
  writeFileSync(file, stringify({ groups: [{ rules }] }));
  const { alerts } = await readShippedRules(file);
  expect(alerts.map(({ expr }) => expr)).toEqual([
    'avg_over_time(label_replace((b{route="/users/{id}"}), "route", "/users/{id}", "", "")[1h:15s]) > 1',
  ]);
});
