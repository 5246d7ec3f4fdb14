import type { DatabaseSync } from 'node:sqlite';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Edge, type ServiceGraph, serviceGraph } from './service-graph.ts';

const MAX_EDGES = 500;
/** Two searches and sixty traces at most, each time. */
const TRACES_ASKED_EVERY_MS = 600_000;
const NAME = 'service-graph';
/** A call within the last hour makes an edge: a service that an outage keeps from being called stays in the graph. */
const QUERY = `topk(${MAX_EDGES}, sum by (client, server) (increase(${METRICS.serviceGraphRequests}{client!="",server!=""}[1h])) > 0)`;

const edgesSchema = z.array(z.object({ client: z.string(), server: z.string() })).max(MAX_EDGES);

export interface ServiceGraphSource {
  /** The latest known; empty before there ever was one. */
  current(): ServiceGraph;
  /** Asks Prometheus. Where it does not answer, or knows of no call, the latest known graph stays. */
  refresh(): Promise<void>;
}

export interface ServiceGraphSourceOptions {
  readonly prometheus: PrometheusClient;
  readonly database: DatabaseSync;
  /** Edges that metrics may lack, asked for now and then; undefined: nobody keeps traces. */
  readonly traced?: (() => Promise<readonly Edge[]>) | undefined;
  readonly log: Logger;
  readonly now?: () => number;
}

/** The service graph from the Collector's span metrics and, where they lack calls, from traces; kept in the database over restarts and outages of Prometheus. */
export function createServiceGraphSource(options: ServiceGraphSourceOptions): ServiceGraphSource {
  const { prometheus, database, traced, log, now = Date.now } = options;
  let graph = serviceGraph(remembered(database));
  let fromTraces: { readonly atMs: number; readonly edges: readonly Edge[] } | undefined;

  /** Without an answer, those of the time before. */
  async function tracedNow(): Promise<readonly Edge[]> {
    if (traced === undefined) return [];
    if (fromTraces === undefined || now() - fromTraces.atMs >= TRACES_ASKED_EVERY_MS) {
      const edges = await traced().catch((error: Error) => {
        log.warn({ reason: error.message }, 'traces not asked for calls that metrics lack');
        return fromTraces?.edges ?? [];
      });
      fromTraces = { atMs: now(), edges };
    }
    return fromTraces.edges;
  }

  return {
    current: () => graph,
    async refresh() {
      let edges: Edge[];
      try {
        const samples = await prometheus.query(QUERY);
        edges = samples.map(({ labels }) => ({ client: labels.client ?? '', server: labels.server ?? '' }));
      } catch (error) {
        log.warn(
          { reason: (error as Error).message },
          'service graph not refreshed, the latest known one stays',
        );
        return;
      }
      const keyOf = ({ client, server }: Edge) => JSON.stringify([client, server]);
      const known = new Set(edges.map(keyOf));
      edges.push(...(await tracedNow()).filter((edge) => !known.has(keyOf(edge))));
      if (edges.length === 0) return;
      graph = serviceGraph(edges.slice(0, MAX_EDGES));
      database
        .prepare('INSERT OR REPLACE INTO remembered VALUES (?, ?, ?)')
        .run(NAME, now(), JSON.stringify(graph.edges));
    },
  };
}

function remembered(database: DatabaseSync): Edge[] {
  const row = database.prepare('SELECT document FROM remembered WHERE name = ?').get(NAME);
  return row === undefined ? [] : edgesSchema.parse(JSON.parse(row.document as string));
}
