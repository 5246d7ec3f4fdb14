import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OtlpSink, startOtlpSink } from '@aiops-sre/demo-app/testing/otlp-sink/otlp-sink.ts';
import { type RoleProcess, startRoleProcess } from '@aiops-sre/demo-app/testing/role-process.ts';
import { shopIn, startShopDatabase } from '@aiops-sre/demo-app/testing/shop-database.ts';
import { median } from '@aiops-sre/service-kit/statistics/median.ts';

const VARIANTS = ['none', 'stock', 'lean'] as const;

type Variant = (typeof VARIANTS)[number];

const CPU_SECONDS = 'process_cpu_seconds_total';

/** Below what fills the span queue of any variant: dropped spans would make it look cheap. */
const REQUESTS_PER_SECOND = 200;

/** After a round, until the last batch of spans is out: exporting belongs to the cost. */
const SETTLE_MS = 1500;

interface TelemetryCostOptions {
  /** Measured rounds of each variant; one more is run before them to warm up. */
  readonly rounds: number;
  readonly requestsPerRound: number;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

interface TelemetryCost {
  /** CPU time of the storefront per request in microseconds, user and system, the median over the rounds. */
  readonly cpuMicrosPerRequest: Readonly<Record<Variant, number>>;
  /** Spans the storefront exported per request in the measured rounds. */
  readonly spansPerRequest: Readonly<Record<Variant, number>>;
  /** What telemetry adds to that, the median of the differences within a round. */
  readonly addedCpuMicrosPerRequest: Readonly<Record<Exclude<Variant, 'none'>, number>>;
  /** Resident memory of the storefront at the end, in bytes. */
  readonly residentBytes: Readonly<Record<Variant, number>>;
}

/**
 * Measures what telemetry costs the storefront: the same requests (GET /api/products, one token check and one statement each) to three
 * processes that differ in their telemetry alone, in interleaved rounds. Takes about
 * 3 * (rounds + 1) * (requestsPerRound / 200 + 1.5) seconds.
 */
export async function measureTelemetryCost({
  rounds,
  requestsPerRound,
  onProgress,
  signal,
}: TelemetryCostOptions): Promise<TelemetryCost> {
  await using shop = await startShopDatabase();
  const identity = await startIdentityStub();
  const sinks = new Map<Variant, OtlpSink>();
  const subjects = new Map<Variant, RoleProcess>();
  try {
    for (const variant of VARIANTS) {
      const sink = await startOtlpSink();
      sinks.set(variant, sink);
      const env = {
        ...shopIn(shop.postgres),
        IDENTITY_URL: `http://127.0.0.1:${portOf(identity)}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint,
        INSTANCE: `storefront-${variant}`,
      };
      subjects.set(
        variant,
        await startRoleProcess({
          role: 'storefront',
          telemetry: variant === 'none' ? undefined : variant,
          env,
        }),
      );
    }
    const measured: Record<Variant, number>[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const micros = { none: 0, stock: 0, lean: 0 };
      // The order turns, so that no variant always follows the same one.
      for (const variant of VARIANTS.map((_, index) => VARIANTS[(index + round) % VARIANTS.length]!)) {
        signal?.throwIfAborted();
        micros[variant] = await runRound(subjects.get(variant)!.client, requestsPerRound);
        onProgress?.(`round ${round} of ${rounds}, ${variant}: ${micros[variant].toFixed(0)} us a request`);
      }
      if (round > 0) measured.push(micros);
      else for (const sink of sinks.values()) sink.clear();
    }
    const residentBytes = { none: 0, stock: 0, lean: 0 };
    for (const [variant, { client }] of subjects)
      residentBytes[variant] = await sample(client, 'process_resident_memory_bytes');
    const cpu = (variant: Variant) => median(measured.map((micros) => micros[variant]));
    // Within a round the machine is about equally busy.
    const added = (variant: Variant) => median(measured.map((micros) => micros[variant] - micros.none));
    const spans = (variant: Variant) => sinks.get(variant)!.spans().length / (rounds * requestsPerRound);
    return {
      cpuMicrosPerRequest: { none: cpu('none'), stock: cpu('stock'), lean: cpu('lean') },
      spansPerRequest: { none: spans('none'), stock: spans('stock'), lean: spans('lean') },
      addedCpuMicrosPerRequest: { stock: added('stock'), lean: added('lean') },
      residentBytes,
    };
  } finally {
    for (const subject of subjects.values()) await subject[Symbol.asyncDispose]();
    for (const sink of sinks.values()) sink.close();
    identity.closeAllConnections();
    identity.close();
  }
}

async function runRound(client: RoleProcess['client'], requests: number): Promise<number> {
  const before = await sample(client, CPU_SECONDS);
  const startedAt = performance.now();
  const running: Promise<number>[] = [];
  for (let sent = 0; sent < requests; sent += 1) {
    await sleep(Math.max(0, startedAt + (sent * 1000) / REQUESTS_PER_SECOND - performance.now()));
    running.push(client.get('/api/products').then(({ status }) => status));
  }
  const unexpected = (await Promise.all(running)).find((status) => status !== 200);
  if (unexpected) throw new Error(`storefront: expected 200, got ${unexpected}`);
  await sleep(SETTLE_MS);
  return (((await sample(client, CPU_SECONDS)) - before) * 1e6) / requests;
}

async function sample(client: RoleProcess['client'], metric: string): Promise<number> {
  const { data } = await client.get<string>('/metrics');
  return Number(new RegExp(`^${metric} (\\S+)`, 'm').exec(data)?.[1]);
}

/** Answers every token check at once: what identity costs is not the question. */
async function startIdentityStub(): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end('{"active":true}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
