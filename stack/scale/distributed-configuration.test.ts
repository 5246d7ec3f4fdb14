import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readComposeFile, SCALED } from '../compose/compose-file.ts';
import { mergePatch, thanosAlerting } from './distributed-configuration.ts';

const root = join(import.meta.dirname, '..', '..');
const scaled = readComposeFile(root, SCALED);
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('a merge patch', () => {
  test.each([
    ['puts a value in place', { a: 1, b: 2 }, { b: 3 }, { a: 1, b: 3 }],
    ['merges maps', { a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    ['takes away by null', { a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    ['replaces lists as a whole', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['makes a map of what was none', { a: [1] }, { a: { b: { c: null, d: 1 } } }, { a: { b: { d: 1 } } }],
  ])('%s', (_, target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });
});

describe('the distributed engines', () => {
  const loki = parse(read('loki/loki.distributed.generated.yaml'));
  const tempo = parse(read('tempo/tempo.distributed.generated.yaml'));
  const prometheus = parse(read('prometheus/prometheus.distributed.generated.yml'));

  test('have the limits, retention and labels of the single ones', () => {
    const single = { loki: parse(read('loki/loki.yaml')), tempo: parse(read('tempo/tempo.yaml')) };
    expect(loki.limits_config).toEqual(single.loki.limits_config);
    expect(tempo.overrides).toEqual(single.tempo.overrides);
    expect(tempo.compactor.compaction).toEqual(single.tempo.compactor.compaction);
    const withoutOthers = JSON.parse(JSON.stringify(prometheus.scrape_configs), (key, value) =>
      key === 'files' ? value.filter((file: string) => !file.startsWith('others/')) : value,
    );
    expect(withoutOthers).toEqual(parse(read('prometheus/prometheus.yml'), { merge: true }).scrape_configs);
  });

  test('keep nothing in files of one machine alone, and everything three times', () => {
    expect([loki.common.replication_factor, loki.common.storage.filesystem]).toEqual([3, undefined]);
    expect(loki.schema_config.configs.map((each: { object_store: string }) => each.object_store)).toEqual([
      's3',
    ]);
    expect([tempo.ingester.lifecycler.ring.replication_factor, tempo.storage.trace.backend]).toEqual([
      3,
      's3',
    ]);
  });

  test('are scraped beside the first of each', () => {
    for (const name of readdirSync(join(root, 'prometheus', 'others')))
      expect(JSON.stringify(prometheus.scrape_configs), name).toContain(
        `"files":["targets/${name}","others/${name}"]`,
      );
  });

  test('hold tenants apart', () => {
    expect([loki.auth_enabled, tempo.multitenancy_enabled]).toEqual([true, true]);
  });

  test('leave rules and alerts to thanos-rule', () => {
    expect(prometheus).not.toHaveProperty('rule_files');
    expect(prometheus).not.toHaveProperty('alerting');
    const { alertmanagers, relabelling } = thanosAlerting(read('prometheus/prometheus.yml'));
    expect(parse(relabelling)).toEqual(
      parse(read('prometheus/prometheus.yml')).alerting.alert_relabel_configs,
    );
    expect(parse(alertmanagers).alertmanagers).toMatchObject([
      {
        http_config: {
          basic_auth: { username: 'platform', password_file: '/etc/thanos/secrets/alertmanager-password' },
        },
        static_configs: Object.keys(scaled.services)
          .filter((name) => /^alertmanager/.test(name))
          .map((name) => `${name}:9093`),
      },
    ]);
  });
});

/** Set by `npm test` where they have been built. */
const { LOKI, TEMPO, PROMTOOL } = process.env;

describe.skipIf(!LOKI || !TEMPO || !PROMTOOL)(
  `the engines themselves take it${LOKI && TEMPO && PROMTOOL ? '' : ' (skipped: LOKI, TEMPO or PROMTOOL is not set)'}`,
  () => {
    const variables = {
      INSTANCE: 'one',
      S3_ENDPOINT: 'seaweedfs:8333',
      S3_INSECURE: 'true',
      S3_REGION: 'us-east-1',
    };

    test.each([
      ['Loki', LOKI, 'loki/loki.distributed.generated.yaml', '-verify-config'],
      ['Tempo', TEMPO, 'tempo/tempo.distributed.generated.yaml', '-config.verify=true'],
    ])('%s', (_, binary, file, verify) => {
      const args = [
        '-config.expand-env=true',
        `-config.file=${join(root, file)}`,
        '-target=ingester',
        verify,
      ];
      execFileSync(binary ?? '', args, { env: variables, stdio: 'pipe', timeout: 30_000 });
    });

    test('Prometheus', () => {
      const folder = mkdtempSync(join(tmpdir(), 'distributed-'));
      try {
        const file = join(folder, 'prometheus.yml');
        cpSync(join(root, 'prometheus/prometheus.distributed.generated.yml'), file);
        cpSync(join(root, 'prometheus/thanos'), join(folder, 'thanos'), { recursive: true });
        mkdirSync(join(folder, 'secrets'));
        writeFileSync(join(folder, 'secrets', 'alertmanager-password'), 'none');
        execFileSync(PROMTOOL ?? '', ['check', 'config', file], { stdio: 'pipe', timeout: 30_000 });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
