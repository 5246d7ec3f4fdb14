import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeQuickenedConfiguration } from './quickened-configuration.ts';

const root = resolve(import.meta.dirname, '..', '..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quickened-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const yaml = (...path: string[]) => parse(readFileSync(join(...path), 'utf8'));
/** The same without its delays, so that all else can be compared. */
const impatient = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, each) =>
      ['for', 'keep_firing_for', 'after', 'step'].includes(key) ? undefined : each,
    ),
  );

it('quickens delays and nothing else', () => {
  const { AIOPS_RULES_DIR, AIOPS_ACTIONS_DIR, AIOPS_DETECTOR_CONFIG } = writeQuickenedConfiguration(
    root,
    folder,
  );
  const rules = yaml(AIOPS_RULES_DIR!, 'outages.rules.yml');
  expect(rules.groups[0].rules).toMatchObject([
    {},
    { alert: 'ServiceHalfOutage', for: '30s', keep_firing_for: '30s' },
    { alert: 'ServiceMajorOutage', for: '1m', keep_firing_for: '1m' },
  ]);
  expect(impatient(rules)).toEqual(impatient(yaml(root, 'prometheus', 'rules', 'outages.rules.yml')));

  const leave = yaml(AIOPS_ACTIONS_DIR!, 'leave-disaster-recovery.yaml');
  const shipped = yaml(root, 'incident-responder', 'actions', 'leave-disaster-recovery.yaml');
  expect([leave.after, shipped.after]).toEqual(['20s', '5m']);
  expect(impatient(leave)).toEqual(impatient(shipped));

  const detector = yaml(AIOPS_DETECTOR_CONFIG!, 'demo.yaml');
  expect(detector.rules.find(({ name }: { name: string }) => name === 'process_memory').step).toBe('15s');
  expect(impatient(detector)).toEqual(impatient(yaml(root, 'anomaly-detector', 'rules', 'demo.yaml')));
});

it('takes every rules file of the detector', () => {
  const checkout = join(folder, 'checkout');
  for (const path of ['prometheus/rules', 'incident-responder/actions', 'anomaly-detector/rules'])
    cpSync(join(root, path), join(checkout, path), { recursive: true });
  const added = 'version: 1\nrules: [{ name: checkout, title: Checkout, query: up }]\n';
  writeFileSync(join(checkout, 'anomaly-detector', 'rules', 'checkout.yaml'), added);
  const { AIOPS_DETECTOR_CONFIG } = writeQuickenedConfiguration(checkout, join(folder, 'out'));
  expect(yaml(AIOPS_DETECTOR_CONFIG!, 'checkout.yaml').rules).toMatchObject([{ name: 'checkout' }]);
});

it('refuses to go on where what it quickens has another name, and says where', () => {
  const checkout = join(folder, 'checkout');
  for (const path of ['prometheus/rules', 'incident-responder/actions', 'anomaly-detector/rules'])
    cpSync(join(root, path), join(checkout, path), { recursive: true });
  const file = join(checkout, 'prometheus', 'rules', 'outages.rules.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('alert: ServiceHalfOutage', 'alert: HalfDown'));
  const out = join(folder, 'out');
  mkdirSync(out);
  expect(() => writeQuickenedConfiguration(checkout, out)).toThrow(
    /outages\.rules\.yml: expected an entry of groups\.0\.rules with alert ServiceHalfOutage/,
  );
});
