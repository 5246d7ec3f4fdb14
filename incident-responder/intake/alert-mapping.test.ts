import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readAlertMapping } from './alert-mapping.ts';

const SHIPPED = join(import.meta.dirname, '..', 'alert-mapping.yaml');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapping-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const changed = (change: Record<string, unknown>) => {
  const file = join(folder, 'mapping.yaml');
  writeFileSync(file, stringify({ ...parse(readFileSync(SHIPPED, 'utf8')), ...change }));
  return readAlertMapping(file);
};

it("leaves the platform's own labels as they are", () => {
  for (const severity of ['page', 'ticket', 'info'] as const)
    expect(readAlertMapping(SHIPPED).of({ service: 'identity', severity, job: 'x' })).toEqual({
      service: 'identity',
      severity,
    });
});

it('knows nothing about an alert that says nothing', () => {
  expect(readAlertMapping(SHIPPED).of({ alertname: 'A' })).toEqual({
    service: 'unknown',
    severity: 'ticket',
  });
});

it('has exceptions, of which the first that matches wholly counts', () => {
  const mapping = changed({
    rules: [
      { when: { alertname: 'Kube.*', namespace: 'payments' }, service: 'payments-api', severity: 'page' },
      { when: { alertname: 'Kube' }, severity: 'info' },
    ],
  });
  expect(mapping.of({ alertname: 'KubePodCrashLooping', namespace: 'payments' })).toEqual({
    service: 'payments-api',
    severity: 'page',
  });
  expect(mapping.of({ alertname: 'KubePodCrashLooping', namespace: 'payments-2' }).service).toBe(
    'payments-2',
  );
});

it.each<[string, Record<string, unknown>, RegExp]>([
  [
    'a severity that is none',
    { rules: [{ when: {}, severity: 'critical' }] },
    /rules\[0\]\.severity: found "critical"; possible: page, ticket, info/,
  ],
  ['a rule without an effect', { rules: [{ when: { a: 'b' } }] }, /rules\[0\]: .*service, severity or both/],
  ['a pattern that is none', { rules: [{ when: { a: '(' }, severity: 'page' }] }, /a regular expression/],
  ['a setting nobody knows', { services: {} }, /services: found an unknown field/],
])('with %s it is refused, with file and field', (_case, change, problem) => {
  expect(() => changed(change)).toThrow(problem);
  expect(() => changed(change)).toThrow(join(folder, 'mapping.yaml'));
});
