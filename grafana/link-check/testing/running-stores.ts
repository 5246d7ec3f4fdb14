import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { stringify } from 'yaml';

const LOKI_CONFIG = join(import.meta.dirname, '..', '..', '..', 'loki', 'loki.yaml');
const READY_TIMEOUT_MS = 60_000;

/** The real ones; `npm test` names those that have been built. */
export interface StoreBinaries {
  readonly prometheus: string;
  readonly promtool: string;
  readonly tempo: string;
  readonly loki: string;
}

/** Undefined where one of them is not there. */
export function storeBinaries(
  environment: Readonly<Record<string, string | undefined>>,
): StoreBinaries | undefined {
  const { PROMETHEUS, PROMTOOL, TEMPO, LOKI } = environment;
  return PROMETHEUS && PROMTOOL && TEMPO && LOKI
    ? { prometheus: PROMETHEUS, promtool: PROMTOOL, tempo: TEMPO, loki: LOKI }
    : undefined;
}

export interface RunningStores extends AsyncDisposable {
  readonly prometheusUrl: string;
  readonly tempoUrl: string;
  readonly lokiUrl: string;
}

/** What happened, in what each store takes. */
export interface Telemetry {
  /** OpenMetrics text. */
  readonly samples: string;
  /** Body of a push over OTLP. */
  readonly spans: unknown;
  /** Body of a push to Loki. */
  readonly lines: unknown;
}

/** The three stores on free ports of the loopback, in a folder of their own, with this telemetry and no other. */
export async function startStores(binaries: StoreBinaries, telemetry: Telemetry): Promise<RunningStores> {
  const folder = mkdtempSync(join(tmpdir(), 'stores-'));
  const path = (...names: string[]) => join(folder, ...names);
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    await Promise.all(ends.map((end) => end()));
    rmSync(folder, { recursive: true, force: true });
  };
  const start = async (
    binary: string,
    args: string[],
    readyUrl: string,
    env: Record<string, string> = {},
  ) => {
    const child = spawn(binary, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
    let log = '';
    child.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-4000);
    });
    const exited = once(child, 'exit');
    ends.push(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`${binary} ended:\n${log}`);
        return (await fetch(readyUrl)).ok;
      },
      () => `${binary} did not get ready:\n${log}`,
    );
  };
  try {
    const ports = await Promise.all(Array.from({ length: 6 }, () => getPort({ host: '127.0.0.1' })));
    const [prometheus, tempo, tempoGrpc, tempoOtlp, loki, lokiGrpc] = ports.map(String) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const url = (port: string) => `http://127.0.0.1:${port}`;
    writeFileSync(path('samples.txt'), telemetry.samples);
    writeFileSync(path('prometheus.yml'), 'scrape_configs: []\n');
    writeFileSync(path('tempo.yml'), stringify(tempoConfig(folder, { tempo, tempoGrpc, tempoOtlp })));
    mkdirSync(path('tsdb'));
    execFileSync(
      binaries.promtool,
      ['tsdb', 'create-blocks-from', 'openmetrics', path('samples.txt'), path('tsdb')],
      { stdio: 'pipe' },
    );
    await Promise.all([
      start(
        binaries.prometheus,
        [
          `--config.file=${path('prometheus.yml')}`,
          `--storage.tsdb.path=${path('tsdb')}`,
          `--web.listen-address=127.0.0.1:${prometheus}`,
          '--log.level=warn',
        ],
        `${url(prometheus)}/-/ready`,
      ),
      start(binaries.tempo, [`-config.file=${path('tempo.yml')}`], `${url(tempo)}/ready`),
      start(
        binaries.loki,
        [`-config.file=${LOKI_CONFIG}`, '-config.expand-env=true'],
        // Ready it is a quarter of a minute later; what it is sent, it takes before.
        `${url(loki)}/loki/api/v1/status/buildinfo`,
        { LOKI_PORT: loki, LOKI_GRPC_PORT: lokiGrpc, LOKI_DATA_DIR: path('loki') },
      ),
    ]);
    await push(`${url(tempoOtlp)}/v1/traces`, telemetry.spans);
    await push(`${url(loki)}/loki/api/v1/push`, telemetry.lines);
    return {
      prometheusUrl: url(prometheus),
      tempoUrl: url(tempo),
      lokiUrl: url(loki),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Blocks end up where searches of an hour ago look for them within seconds, and keep the time their spans tell. */
function tempoConfig(folder: string, ports: Record<'tempo' | 'tempoGrpc' | 'tempoOtlp', string>) {
  return {
    server: {
      http_listen_address: '127.0.0.1',
      http_listen_port: Number(ports.tempo),
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: Number(ports.tempoGrpc),
      log_level: 'warn',
    },
    distributor: {
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${ports.tempoOtlp}` } } } },
    },
    ingester: {
      trace_idle_period: '100ms',
      flush_check_period: '200ms',
      max_block_duration: '1s',
      complete_block_timeout: '1s',
      lifecycler: {
        address: '127.0.0.1',
        min_ready_duration: '0s',
        ring: { kvstore: { store: 'inmemory' }, replication_factor: 1 },
      },
    },
    storage: {
      trace: {
        backend: 'local',
        blocklist_poll: '1s',
        wal: { path: join(folder, 'wal'), ingestion_time_range_slack: '3h' },
        local: { path: join(folder, 'blocks') },
      },
    },
    usage_report: { reporting_enabled: false },
  };
}

async function push(url: string, body: unknown): Promise<void> {
  const attempt = () =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await until(
    async () => (await attempt()).ok,
    () => `${url} takes nothing`,
  );
}

/** Waits until it holds; what cannot be connected to does not yet. */
export async function until(holds: () => Promise<boolean>, message: () => string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  const held = () =>
    holds().catch((error: Error) => {
      if (error.message === 'fetch failed') return false;
      throw error;
    });
  while (!(await held())) {
    if (Date.now() > deadline) throw new Error(message());
    await sleep(200);
  }
}
