import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const rulesDir = join(root, 'prometheus', 'rules');

interface Alert {
  readonly alert?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** Those of cluster/ are shipped by the chart alone. */
const alerts: readonly Alert[] = [
  ...readdirSync(rulesDir),
  ...readdirSync(join(rulesDir, '..', 'cluster')).map((file) => join('..', 'cluster', file)),
]
  .filter((file) => file.endsWith('.rules.yml'))
  .flatMap((file) => parse(readFileSync(join(rulesDir, file), 'utf8')).groups)
  .flatMap((group: { rules: Alert[] }) => group.rules)
  .filter(({ alert }) => alert);

describe('every alert', () => {
  test('links a runbook that is there', () => {
    expect(alerts.length).toBeGreaterThan(10);
    for (const { alert, annotations } of alerts) {
      const name = annotations?.runbook_url?.split('/').at(-1) ?? 'none';
      expect(existsSync(join(root, 'docs', 'runbooks', name)), `${alert}: docs/runbooks/${name}`).toBe(true);
    }
  });

  test('links a dashboard that is there', () => {
    const folder = join(root, 'grafana', 'dashboards');
    const dashboards = [...readdirSync(folder), ...readdirSync(join(folder, 'kubernetes'))];
    for (const { alert, annotations } of alerts) {
      const uid = /\/d\/([\w-]+)/.exec(annotations?.dashboard_url ?? '')?.[1];
      expect(dashboards, `${alert}: ${annotations?.dashboard_url}`).toContain(`${uid}.json`);
    }
  });

  test('has severity, service and slo, which routing and inhibition go by', () => {
    for (const { alert, labels } of alerts) {
      expect(labels?.severity, alert).toMatch(/^(page|ticket|info)$/);
      expect(labels?.slo, alert).toBeTruthy();
    }
  });
});

test.each(['Anomaly.md', 'PredictedBreach.md'])('the detector’s runbook %s is there', (name) => {
  expect(existsSync(join(root, 'docs', 'runbooks', name))).toBe(true);
});
