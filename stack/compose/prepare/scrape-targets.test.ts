import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readComposeFile } from '../compose-file.ts';
import { hasCanary, hasDemo, OPTIONAL_SERVICES, writeScrapeTargets } from './scrape-targets.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const source = join(root, 'prometheus', 'targets');
const targetFiles = readdirSync(source).filter((name) => name.endsWith('.json'));

let target: string;
beforeEach(() => {
  target = mkdtempSync(join(tmpdir(), 'targets-'));
});
afterEach(() => rmSync(target, { recursive: true }));

const write = (...leftOut: string[]) =>
  writeScrapeTargets({ source, target, leftOut, demo: true, canary: true });
const read = (folder: string, file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

test('every target is scraped where nothing is left out', () => {
  write();
  for (const file of targetFiles) expect(read(target, file), file).toEqual(read(source, file));
  expect(readdirSync(target).toSorted()).toEqual([...targetFiles, 'services'].toSorted());
});

test('a target that is of no service is never left out', () => {
  write('');
  expect(read(target, 'otlp.json')).toEqual(read(source, 'otlp.json'));
});

test('what is left out is missed by nobody, until it is back', () => {
  write('traffic', 'grafana');
  const all = () => targetFiles.flatMap((file) => read(target, file));
  const services = all().map(({ labels }) => labels.service);
  expect(services).not.toContain('traffic');
  expect(services).not.toContain('grafana');
  expect(services).toContain('storefront');
  write();
  expect(all()).toHaveLength(services.length + 2);
});

test('a target that is gone from the checkout is gone', () => {
  writeFileSync(join(target, 'former.json'), '[]');
  write();
  expect(readdirSync(target)).not.toContain('former.json');
});

test('the services that may be left out by themselves are those with a profile of their own name and a target', () => {
  const { services } = readComposeFile(root);
  const scraped = new Set(
    targetFiles.flatMap((file) => read(source, file)).map(({ labels }) => labels.service),
  );
  const optional = Object.keys(services).filter(
    (name) => services[name]?.profiles.includes(name) && scraped.has(name),
  );
  expect(optional.toSorted()).toEqual([...OPTIONAL_SERVICES].toSorted());
});

test('whatever profile brings the demo along, its targets are scraped, and without it none of them', () => {
  const { services } = readComposeFile(root);
  for (const profile of services.storefront?.profiles ?? []) expect(hasDemo([profile]), profile).toBe(true);
  for (const profile of [services.grafana?.profiles ?? [], []].flat()) expect(hasDemo([profile])).toBe(false);
  expect(hasDemo([])).toBe(false);
  writeScrapeTargets({ source, target, leftOut: [], demo: false, canary: false });
  expect(read(target, 'demo-app.json')).toEqual([]);
  expect(read(target, 'otlp.json')).toEqual(read(source, 'otlp.json'));
});

test('the canary is scraped while its profile is on, and missed by nobody otherwise', () => {
  const targets = (...profiles: string[]) => {
    writeScrapeTargets({ source, target, leftOut: [], demo: true, canary: hasCanary(profiles) });
    return read(target, 'demo-app-canary.json');
  };
  expect(targets('demo', 'traffic')).toEqual([]);
  expect(targets('demo', 'traffic', 'canary')).toEqual(read(source, 'demo-app-canary.json'));
});
