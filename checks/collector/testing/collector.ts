import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import getPort from 'get-port';
import { eventually, ROOT } from '../../testing/stack-under-test.ts';

/** Set by `npm test` where a Collector has been built. */
export const otelcol = process.env.OTELCOL;

/** The key that it knows. */
export const KEY = 'key-of-this-test';

/** What a test's title ends in. */
export const orWhyNot = otelcol ? '' : ' (skipped: OTELCOL is not set)';

const http = axios.create({ proxy: false, timeout: 5_000, validateStatus: () => true });

/** The Collector with the platform's configuration, on ports and a folder of its own. */
export interface CollectorUnderTest {
  /** Posts OTLP as JSON. @returns whether the push was acknowledged */
  push(path: '/v1/traces' | '/v1/metrics', body: object): Promise<boolean>;
  /** What Prometheus would scrape of those who have not shown the key. */
  unverifiedMetrics(): Promise<string>;
  /** Of one of its ports, such as `OTLP_HTTP`. */
  url(port: string, path?: string): string;
  /** Of its process. */
  readonly pid: number;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Kills it, and removes its folder. */
  close(): Promise<void>;
}

const PORTS = [
  'OTLP_GRPC',
  'OTLP_HTTP',
  'COLLECTOR_TELEMETRY',
  'COLLECTOR_METRICS',
  'COLLECTOR_UNVERIFIED_METRICS',
  'COLLECTOR_HEALTH',
];

/** Ready to be pushed to. `variables` are added to its environment; `config` is the platform's, where no other is given. */
export async function startCollector(
  variables: Record<string, string>,
  {
    binary = otelcol,
    config = join(ROOT, 'otel-collector', 'config.yaml'),
  }: { readonly binary?: string | undefined; readonly config?: string } = {},
): Promise<CollectorUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'collector-'));
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, KEY);
  const environment: Record<string, string> = {
    OTLP_KEY_FILE: keyFile,
    COLLECTOR_DATA_DIR: join(folder, 'data'),
    ...variables,
  };
  for (const name of PORTS) environment[`${name}_PORT`] = String(await getPort({ host: '127.0.0.1' }));
  const url = (port: string, path = '') => `http://127.0.0.1:${environment[`${port}_PORT`]}${path}`;
  const run = () => spawn(binary!, ['--config', config], { env: environment, stdio: 'ignore' });
  const ready = () =>
    eventually('Collector', 20_000, async () => (await http.get(url('COLLECTOR_HEALTH'))).status === 200);
  let process = run();
  await ready();
  const kill = async () => {
    if (process.exitCode !== null || process.signalCode !== null) return;
    process.kill('SIGKILL');
    await once(process, 'exit');
  };
  return {
    push: async (path, body) => (await http.post(url('OTLP_HTTP', path), body)).status === 200,
    unverifiedMetrics: async () =>
      String((await http.get(url('COLLECTOR_UNVERIFIED_METRICS', '/metrics'))).data),
    url,
    get pid() {
      return process.pid!;
    },
    kill,
    async start() {
      process = run();
      await ready();
    },
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
