import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { z } from 'zod';
import type { NotifiedAlert } from '../intake/alertmanager-payload.ts';
import { fingerprintOf } from '../intake/fingerprint.ts';
import { repeat } from '../repeat.ts';
import type { ClusterApi } from './cluster-api.ts';
import { type Condition, nodeConditions, podConditions } from './conditions.ts';
import { type Lease, startLease } from './lease.ts';
import { type Node, nodeSchema, type Pod, podSchema } from './objects.ts';
import type { OperatorSettings } from './operator-settings.ts';
import { madeAtMs } from './revisions.ts';
import { watchObjects } from './watch-objects.ts';

const ROUND_MS = 1000;
/** What ends again and again is well in between. */
const CLEARED_AFTER_MS = 120_000;
/** A rollout is to blame for what begins so soon after it. */
const AFTER_ROLLOUT_MS = 15 * 60_000;

export interface Operator {
  /** Whether this one of several may change something. */
  readonly leads: () => boolean;
  stop(): Promise<void>;
}

export interface OperatorOptions {
  readonly api: ClusterApi;
  readonly settings: OperatorSettings & { readonly lease: NonNullable<OperatorSettings['lease']> };
  /** Who this one is among several. */
  readonly identity: string;
  /** Alerts that it told of before and that fire. */
  readonly firing: () => readonly NotifiedAlert[];
  /** Takes alerts in as if they had been notified. */
  readonly tell: (alerts: readonly NotifiedAlert[], atMs: number) => void;
  readonly registry: Registry;
  readonly log: Logger;
  readonly now: () => number;
  /** Of rounds, the lease's too, and pauses after errors, where they are not to keep their own pace (tests). */
  readonly intervalMs?: number | undefined;
  readonly clearedAfterMs?: number | undefined;
}

/**
 * Watches pods and nodes, and tells of what Kubernetes says is wrong with them as alerts: what is done about those is in the
 * actions' files. While another one leads it watches only.
 */
export function startOperator(options: OperatorOptions): Operator {
  const { api, settings, identity, registry, log, now, intervalMs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const lease: Lease = startLease({ api, ...settings.lease, identity, log, everyMs: intervalMs });
  const synced = new Set<string>();
  const missingSinceMs = new Map<string, number>();
  const watches: Promise<void>[] = [];

  /** Objects of a path by name, kept up to date. */
  function watched<T extends Pod | Node>(path: string, schema: z.ZodType<T>): ReadonlyMap<string, T> {
    const objects = new Map<string, T>();
    const nameOf = ({ metadata }: T) => metadata.name;
    const watch = watchObjects({
      api,
      path,
      schema,
      signal,
      log,
      onAll(all) {
        objects.clear();
        for (const each of all) objects.set(nameOf(each), each);
        synced.add(path);
      },
      onChange(object, isDeleted) {
        if (isDeleted) objects.delete(nameOf(object));
        else objects.set(nameOf(object), object);
      },
      ...(intervalMs === undefined ? {} : { pauseMs: { first: intervalMs, longest: 5 * intervalMs } }),
    });
    watches.push(watch);
    return objects;
  }
  const pods = settings.namespaces.map((namespace) =>
    watched(`/api/v1/namespaces/${namespace}/pods`, podSchema),
  );
  const nodes = settings.nodes ? watched('/api/v1/nodes', nodeSchema) : new Map<string, Node>();

  new Gauge({
    name: 'incident_responder_operator_leads',
    help: '1 on the operator that acts, 0 on one that watches only or does not reach the cluster',
    registers: [registry],
    collect() {
      this.set(lease.holds() ? 1 : 0);
    },
  });

  /** Said once, as long as the alert fires: it is part of what tells one alert from another. */
  async function rolloutOf({ labels }: Condition): Promise<'recent' | 'past'> {
    const { namespace = '', workload_kind: kind = '', workload: name = '', revision = '' } = labels;
    const made = await madeAtMs(api, { namespace, kind, name, revision }, signal);
    return made !== undefined && now() - made < AFTER_ROLLOUT_MS ? 'recent' : 'past';
  }

  async function alertOf(condition: Condition): Promise<NotifiedAlert> {
    const labels = {
      severity: 'ticket',
      ...condition.labels,
      ...(condition.labels.revision === undefined ? {} : { rollout: await rolloutOf(condition) }),
      seen_by: 'operator',
    };
    const { summary, description } = condition;
    return {
      status: 'firing',
      labels,
      annotations: { summary, description },
      startsAtMs: now(),
      endsAtMs: null,
      generatorURL: '',
      fingerprint: fingerprintOf(labels),
      source: 'kubernetes',
    };
  }

  async function round(): Promise<void> {
    if (!lease.holds() || synced.size < watches.length) return;
    const nowMs = now();
    const conditions = new Map(
      [
        ...pods.flatMap((each) => [...each.values()].flatMap((pod) => podConditions(pod, nowMs))),
        ...[...nodes.values()].flatMap((node) => nodeConditions(node, nowMs)),
      ].map((condition) => [keyOf(condition.labels), condition]),
    );
    const firing = new Map(options.firing().map((alert) => [keyOf(alert.labels), alert]));
    const news: NotifiedAlert[] = [];
    for (const [key, condition] of conditions) {
      missingSinceMs.delete(key);
      if (!firing.has(key)) news.push(await alertOf(condition));
    }
    for (const [key, alert] of firing) {
      if (conditions.has(key)) continue;
      const sinceMs = missingSinceMs.get(key) ?? nowMs;
      missingSinceMs.set(key, sinceMs);
      if (nowMs - sinceMs < (options.clearedAfterMs ?? CLEARED_AFTER_MS)) continue;
      missingSinceMs.delete(key);
      news.push({ ...alert, status: 'resolved', endsAtMs: sinceMs });
    }
    if (news.length > 0 && lease.holds()) options.tell(news, nowMs);
  }

  const stopped = repeat({
    everyMs: intervalMs ?? ROUND_MS,
    work: round,
    signal,
    onError: (error) => log.warn({ reason: (error as Error).message }, 'the cluster is not looked at'),
  });

  return {
    leads: lease.holds,
    async stop() {
      stopping.abort();
      await Promise.all([...watches, stopped, lease.stop()]);
    },
  };
}

/** What a condition and its alert have in common. */
const keyOf = ({
  alertname,
  namespace,
  workload,
  container,
  revision,
  node,
}: Readonly<Record<string, string>>): string =>
  [alertname, namespace, workload, container, revision, node].join(' ');
