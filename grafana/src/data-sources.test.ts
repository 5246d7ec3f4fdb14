import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DATA_SOURCES } from './data-sources.ts';

interface DataSource {
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly jsonData: Readonly<Record<string, never>>;
}

const text = readFileSync(
  join(import.meta.dirname, '..', 'provisioning', 'datasources', 'telemetry.yaml'),
  'utf8',
);
const provisioned = (parse(text) as { datasources: DataSource[] }).datasources;

describe('provisioned data sources', () => {
  test('are those that dashboards use, by uid and type', () => {
    const ofFile = provisioned.map(({ uid, type }) => `${type} ${uid}`).sort();
    expect(ofFile).toEqual(
      Object.values(DATA_SOURCES)
        .map(({ uid, type }) => `${type} ${uid}`)
        .sort(),
    );
  });

  test('have their addresses from the environment', () => {
    for (const { url } of provisioned) expect(url).toMatch(/^\$[A-Z]+_URL$/);
  });

  test('refer to each other only by uids that exist', () => {
    const uids = [...text.matchAll(/(?:datasourceUid|alertmanagerUid): (\S+)/g)].map(([, uid]) =>
      uid!.replace(/\W+$/, ''),
    );
    expect(uids.length).toBeGreaterThan(0);
    for (const uid of uids) expect(provisioned.map((source) => source.uid)).toContain(uid);
  });

  test('hold no variable of the environment beyond the addresses, since Grafana would replace it by nothing', () => {
    const withoutEscapes = text.replaceAll(/^\s*#.*$/gm, '').replaceAll(/\$\$|\$__file\{[\w/-]+\}/g, '');
    const variables = [...withoutEscapes.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name);
    expect(variables.toSorted()).toEqual(['ALERTMANAGER_URL', 'LOKI_URL', 'PROMETHEUS_URL', 'TEMPO_URL']);
  });
});
