import { expect, it } from 'vitest';
import { readDefinitions } from '../reading/read-definitions.ts';
import { importFiles } from './import-files.ts';

const SLOTH = `version: prometheus/v1
service: Ferry_Desk
labels: { owner: harbour, severity: loud }
slos:
  - name: bookings
    objective: 99.5
    description: Bookings that the desk takes.
    labels: { tier: "1" }
    sli:
      events:
        error_query: |
          sum(rate(ferry_bookings_total{outcome="error"}[{{ .window }}]))
        total_query: sum(rate(ferry_bookings_total[{{.window}}]))
    alerting:
      name: FerryBookings
      labels: { category: availability }
      annotations: { runbook: https://example.org/ferry }
      page_alert: { labels: { severity: loud, routing_key: harbour } }
`;

const first = (text: string) => readDefinitions([{ file: 'out.yaml', text }]).slos[0];

it("keeps of Sloth's SLO its events, objective, period and labels", () => {
  const { yaml, names, leftOut } = importFiles([{ file: 'ferry.yml', text: SLOTH }]);
  expect(leftOut).toEqual([]);
  expect(names).toEqual(['ferry-desk-bookings']);
  expect(first(yaml)).toMatchObject({
    name: 'ferry-desk-bookings',
    service: 'ferry-desk',
    objective: '0.995',
    periodDays: 30,
    description: 'Bookings that the desk takes.',
    indicator: {
      counts: 'bad',
      numerator: 'sum(rate(ferry_bookings_total{outcome="error"}[{{.window}}]))',
      total: 'sum(rate(ferry_bookings_total[{{.window}}]))',
    },
  });
  expect(yaml).toContain('owner: harbour');
  expect(yaml).toContain('category: availability');
});

it('names what it could not keep, in its notes and above the definition', () => {
  const { yaml, notes } = importFiles([{ file: 'ferry.yml', text: SLOTH }]);
  for (const what of [
    'alerting.name FerryBookings',
    'annotations runbook',
    'page_alert.labels severity, routing_key',
  ]) {
    expect(notes.some((note) => note.startsWith('ferry.yml: bookings: ') && note.includes(what))).toBe(true);
    expect(yaml).toContain(what);
  }
});

it("takes Sloth's Kubernetes resource, whose SLOs are the same", () => {
  const resource = `apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: { name: ferry, namespace: harbour }
spec:
  service: ferry
  slos:
    - name: bookings
      objective: 99.5
      sli:
        events:
          errorQuery: sum(rate(ferry_bookings_total{outcome="error"}[{{.window}}]))
          totalQuery: sum(rate(ferry_bookings_total[{{.window}}]))
      alerting: { pageAlert: { disable: false } }
`;
  expect(first(importFiles([{ file: 'k8s.yml', text: resource }]).yaml)).toMatchObject({
    name: 'ferry-bookings',
    indicator: { counts: 'bad' },
  });
});

it('counts fast events where slow ones were written as all less the fast', () => {
  const text = SLOTH.replace(
    /error_query: \|\n.*\n/,
    `error_query: |
          (
            sum(rate(ferry_seconds_count{lane!="x"}[{{.window}}]))
            - sum(rate(ferry_seconds_bucket{le="0.4", lane!="x"}[{{.window}}]))
          )
`,
  ).replace(
    'sum(rate(ferry_bookings_total[{{.window}}]))',
    'sum(rate(ferry_seconds_count{lane!="x"}[{{.window}}]))',
  );
  expect(first(importFiles([{ file: 'ferry.yml', text }]).yaml)?.indicator).toMatchObject({
    counts: 'good',
    numerator: 'sum(rate(ferry_seconds_bucket{le="0.4", lane!="x"}[{{.window}}]))',
  });
});

it.each([
  ['a ratio without its events', 'raw: { error_ratio_query: "1 - up" }', 'sli.raw'],
  ['a plugin', 'plugin: { id: some_plugin }', 'sli.plugin'],
])('leaves out %s by name and keeps the rest', (_, sli, reason) => {
  const text = `${SLOTH}  - name: other\n    objective: 90\n    sli: { ${sli} }\n`;
  const { names, leftOut } = importFiles([{ file: 'ferry.yml', text }]);
  expect(names).toEqual(['ferry-desk-bookings']);
  expect(leftOut.join()).toMatch(`ferry.yml: other: ${reason}`);
});

const pyrra = (indicator: string, more = '') => `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: scans, namespace: depots, labels: { pyrra.dev/team: night, role: rules } }
spec:
  target: "99.9"
  window: 4w
  ${more}
  indicator: ${indicator}
`;

it.each([
  [
    'a ratio',
    `{ ratio: { errors: { metric: 'scans_total{job="depot",ok="no"}' }, total: { metric: 'scans_total{job="depot"}' } } }`,
    {
      counts: 'bad',
      numerator: 'sum(rate(scans_total{job="depot",ok="no"}[{{.window}}]))',
      total: 'sum(rate(scans_total{job="depot"}[{{.window}}]))',
    },
  ],
  [
    'a latency',
    `{ latency: { success: { metric: 'scan_seconds_bucket{job="depot",le="0.5"}' }, total: { metric: 'scan_seconds_count{job="depot"}' } } }`,
    {
      counts: 'good',
      numerator: 'sum(rate(scan_seconds_bucket{job="depot",le="0.5"}[{{.window}}]))',
      total: 'sum(rate(scan_seconds_count{job="depot"}[{{.window}}]))',
    },
  ],
])("keeps of Pyrra's objective %s", (_, indicator, expected) => {
  const { yaml, leftOut, notes } = importFiles([{ file: 'p.yaml', text: pyrra(indicator) }]);
  expect(leftOut).toEqual([]);
  expect(first(yaml)).toMatchObject({
    name: 'scans',
    service: 'depot',
    objective: '0.999',
    periodDays: 28,
    indicator: expected,
  });
  expect(yaml).toContain('team: night');
  expect(notes.join('\n')).toContain('metadata.labels role');
});

it('says of a document of neither what it found and what is possible', () => {
  const { leftOut } = importFiles([{ file: 'x.yaml', text: 'apiVersion: v1\nkind: ConfigMap\n' }]);
  expect(leftOut).toEqual([
    'x.yaml: found v1 ConfigMap; possible: prometheus/v1 or sloth.slok.dev/v1 (Sloth), pyrra.dev/v1alpha1 (Pyrra)',
  ]);
});

it('leaves out what lacks a field, with its path', () => {
  const { leftOut } = importFiles([
    { file: 's.yml', text: 'version: prometheus/v1\nservice: x\nslos: [{ name: a }]\n' },
  ]);
  expect(leftOut.some((line) => line.startsWith('s.yml: slos.0.objective: '))).toBe(true);
});
