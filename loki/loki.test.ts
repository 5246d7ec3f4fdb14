import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const file = join(import.meta.dirname, 'loki.yaml');
const text = readFileSync(file, 'utf8');
const configuration = parse(text);
/** Set by `npm test` where a Loki has been built. */
const loki = process.env.LOKI;

describe('loki.yaml', () => {
  test.skipIf(!loki)(`is valid to Loki itself${loki ? '' : ' (skipped: LOKI is not set)'}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'loki-'));
    try {
      execFileSync(loki!, ['-config.expand-env=true', '-verify-config', `-config.file=${file}`], {
        env: { LOKI_DATA_DIR: folder },
        stdio: 'pipe',
        timeout: 30_000,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('listens on loopback unless the engine says otherwise, and sends no reports home', () => {
    expect(configuration.server.http_listen_address).toBe(['$', '{LOKI_HTTP_ADDR:-127.0.0.1}'].join(''));
    expect(configuration.server.grpc_listen_address).toBe('127.0.0.1');
    expect(configuration.analytics.reporting_enabled).toBe(false);
  });

  test('keeps lines for seven days and deletes them then', () => {
    expect(configuration.limits_config.retention_period).toBe('168h');
    expect(configuration.compactor.retention_enabled).toBe(true);
  });

  test('indexes by service and environment alone, so that no field of a line can make streams', () => {
    const { resource_attributes, log_attributes, severity_text_as_label } =
      configuration.limits_config.otlp_config;
    expect(resource_attributes).toEqual({
      ignore_defaults: true,
      attributes_config: [
        { action: 'index_label', attributes: ['service.name', 'deployment.environment.name'] },
      ],
    });
    expect(log_attributes).toBeUndefined();
    expect(severity_text_as_label).toBeUndefined();
    expect(configuration.limits_config.max_global_streams_per_user).toBeLessThanOrEqual(1000);
  });

  test('takes all that the Collector lets through', () => {
    const collector = readFileSync(join(import.meta.dirname, '..', 'otel-collector', 'config.yaml'), 'utf8');
    const [, fields] = /limit\(attributes, (\d+),/.exec(collector)!;
    const [, fieldBytes] = /truncate_all\(attributes, (\d{4,})\)/.exec(collector)!;
    const [, lineBytes] = /truncate_all\(cache, (\d+)\)/.exec(collector)!;
    const kilobytes = (size: string) => Number.parseInt(size, 10) * 1024;
    const limits = configuration.limits_config;
    expect(kilobytes(limits.max_line_size)).toBeGreaterThan(Number(lineBytes));
    expect(kilobytes(limits.max_structured_metadata_size)).toBeGreaterThan(
      Number(fields) * Number(fieldBytes),
    );
    expect(limits.max_structured_metadata_entries_count).toBeGreaterThan(Number(fields) + 10);
  });
});
