import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readComposeFile, SCALED } from '../compose/compose-file.ts';
import { pipelineAlone, usedAlone } from './collector-pipelines.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, 'otel-collector', file), 'utf8');
const { services } = readComposeFile(root, SCALED);

const small = {
  extensions: { health_check: {}, pprof: {} },
  receivers: { otlp: {}, jaeger: {} },
  processors: { batch: {} },
  connectors: { count: {} },
  exporters: { debug: {}, otlp: {} },
  service: {
    extensions: ['health_check'],
    telemetry: { logs: {} },
    pipelines: {
      traces: { receivers: ['otlp'], exporters: ['count', 'otlp'] },
      metrics: { receivers: ['count'], exporters: ['debug'] },
    },
  },
};

test('what no pipeline uses is left out, a kind with nothing left, too', () => {
  expect(usedAlone(small)).toEqual({
    extensions: { health_check: {} },
    receivers: { otlp: {} },
    connectors: { count: {} },
    exporters: { debug: {}, otlp: {} },
    service: small.service,
  });
});

test('a pipeline has a file of its own with what it uses', () => {
  expect(pipelineAlone(small, 'metrics')).toEqual({
    connectors: { count: {} },
    exporters: { debug: {} },
    service: { pipelines: { metrics: small.service.pipelines.metrics } },
  });
  expect(() => pipelineAlone(small, 'logs')).toThrow('no pipeline logs');
});

interface Spreading {
  readonly routing_key: 'traceID' | 'service';
  readonly resolver: { readonly static: { readonly hostnames: readonly string[] } };
  readonly timeout: string;
  readonly retry_on_failure: object;
  readonly sending_queue: object;
  readonly protocol: { readonly otlp: { readonly retry_on_failure: object; readonly sending_queue: object } };
}

describe('the gateway and the Collectors behind it', () => {
  const single = parse(read('config.yaml'), { merge: true });
  const gateway = parse(read('gateway.generated.yaml'));
  const collector = parse(read('config.distributed.generated.yaml'));
  const host = parse(read('host.generated.yaml'));
  const collectors = Object.keys(services).filter((name) => /^otel-collector/.test(name));
  const spreading = Object.entries(gateway.exporters as Readonly<Record<string, Spreading>>).filter(([id]) =>
    id.startsWith('loadbalancing/'),
  );

  test('do what the one does to whatever is sent, in its order', () => {
    const behind = {
      traces: [collector.service.pipelines.traces, collector.service.pipelines['traces/services']],
      metrics: [collector.service.pipelines.metrics],
      'metrics/unverified': [collector.service.pipelines['metrics/unverified']],
    };
    for (const [name, pipelines] of Object.entries(behind)) {
      const first = gateway.service.pipelines[name.split('/')[0] ?? ''];
      for (const { processors } of pipelines) {
        const [limiter, ...rest] = processors;
        expect(limiter).toBe('memory_limiter');
        expect(
          [...first.processors, ...rest].filter((id) => id !== 'transform/bounds_of_traces'),
          name,
        ).toEqual(single.service.pipelines[name].processors);
      }
      expect(pipelines.flatMap(({ exporters }) => exporters).sort(), name).toEqual(
        [...single.service.pipelines[name].exporters].sort(),
      );
    }
    expect(gateway.service.pipelines.logs).toEqual(single.service.pipelines.logs);
  });

  test('have every other pipeline once', () => {
    const { traces, logs, metrics, 'metrics/unverified': unverified, ...rest } = single.service.pipelines;
    for (const [name, pipeline] of Object.entries(rest)) {
      const found = [gateway, collector, host].flatMap(({ service }) => service.pipelines[name] ?? []);
      expect(found, name).toEqual([pipeline]);
    }
    expect(Object.keys(host.service.pipelines)).toEqual(['metrics/host']);
  });

  test('are what the one is where they have the same', () => {
    for (const configuration of [gateway, collector, host])
      for (const kind of ['extensions', 'receivers', 'processors', 'connectors', 'exporters'])
        for (const [id, component] of Object.entries(configuration[kind] ?? {}))
          if (single[kind][id]) expect(component, id).toEqual(single[kind][id]);
    expect(Object.keys(gateway.receivers)).toEqual(['otlp']);
    expect(gateway.service.telemetry).toEqual(single.service.telemetry);
    expect(collector.service.telemetry).toEqual(single.service.telemetry);
  });

  test('leave it to the gateway alone who sent what', () => {
    expect(gateway.processors).toHaveProperty('transform/sender');
    expect(JSON.stringify(collector)).not.toMatch(/OTLP_KEY_FILE|client\.metadata/);
    for (const name of collectors) {
      expect(services[name]?.volumes.join(' '), name).not.toContain('telemetry-secrets');
      expect(services[name]?.networks, name).not.toEqual(expect.arrayContaining(['application']));
      expect(services[name]?.networks, name).not.toEqual(expect.arrayContaining(['otlp']));
      expect(services[name]?.ports.join(' '), name).not.toMatch(/4317|4318/);
    }
  });

  test('are sent by trace what is of traces and by service what is of services, to every Collector', () => {
    const wanted = { traceID: 'otlp/traces', service: 'otlp/services' };
    for (const [id, { routing_key, resolver }] of spreading) {
      const receiver = collector.receivers[wanted[routing_key]];
      const port = receiver.protocols.grpc.endpoint.split(':').at(-1);
      expect(resolver.static.hostnames, id).toEqual(collectors.map((name) => `${name}:${port}`));
    }
    expect(
      gateway.service.pipelines.traces.exporters.map((id: string) => gateway.exporters[id].routing_key),
    ).toEqual(['traceID', 'service']);
  });

  test('hold on disk what is acknowledged, and try for ever', () => {
    expect(spreading).toHaveLength(3);
    const stopsWithin = durationSeconds(services['otel-gateway']?.stop_grace_period ?? '');
    for (const [id, { sending_queue, retry_on_failure, protocol, timeout }] of spreading) {
      expect(sending_queue, id).toMatchObject({ enabled: true, storage: 'file_storage/queue' });
      expect(protocol.otlp.sending_queue, id).toEqual({ enabled: false });
      for (const retry of [retry_on_failure, protocol.otlp.retry_on_failure])
        expect(retry, id).toMatchObject({ enabled: true, max_elapsed_time: '0s' });
      expect(durationSeconds(timeout), id).toBeLessThan(stopsWithin ?? 0);
    }
  });
});

/** Set by `npm test` where they have been built. */
const { OTELCOL, OTELCOL_K8S } = process.env;

describe.skipIf(!OTELCOL || !OTELCOL_K8S)(
  `a Collector itself takes the configuration of${OTELCOL && OTELCOL_K8S ? '' : ' (skipped: OTELCOL or OTELCOL_K8S is not set)'}`,
  () => {
    test.each([
      ['the gateway', OTELCOL_K8S, ['gateway.generated.yaml']],
      [
        'the first behind it',
        OTELCOL,
        ['config.distributed.generated.yaml', 'host.generated.yaml', 'database.yaml'],
      ],
      ['the second', OTELCOL, ['config.distributed.generated.yaml']],
    ])('%s', (_, binary, files) => {
      const folder = mkdtempSync(join(tmpdir(), 'collector-'));
      try {
        const secret = join(folder, 'secret');
        writeFileSync(secret, 'none');
        execFileSync(
          binary ?? '',
          ['validate', ...files.map((file) => `--config=${join(root, 'otel-collector', file)}`)],
          {
            env: {
              OTLP_KEY_FILE: secret,
              DATABASE_MONITOR_PASSWORD_FILE: secret,
              COLLECTOR_DATA_DIR: join(folder, 'data'),
            },
            stdio: 'pipe',
            timeout: 30_000,
          },
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
