import type { Logger } from 'pino';
import { z } from 'zod';
import { repeat } from '../repeat.ts';
import { type ClusterApi, ClusterError } from './cluster-api.ts';

/** As Kubernetes' own controllers do: whoever is not heard of for so long has lost it. */
const DURATION_SECONDS = 15;
/** Who cannot renew it stops this long after the last time it could, before another may begin. */
const RENEW_WITHIN_MS = 10_000;
const EVERY_MS = 2000;

const leaseSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  spec: z
    // What others keep in it, and when it was acquired, stays.
    .looseObject({
      holderIdentity: z.string().default(''),
      leaseDurationSeconds: z.number().default(DURATION_SECONDS),
      renewTime: z.string().default(''),
      leaseTransitions: z.number().default(0),
    })
    .prefault({}),
});

export interface Lease {
  /** Whether this one leads now; false as soon as another might. */
  holds(): boolean;
  /** Gives it away, so that another needs not wait. */
  stop(): Promise<void>;
}

export interface LeaseOptions {
  readonly api: Pick<ClusterApi, 'get' | 'put'>;
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  readonly log: Logger;
  readonly everyMs?: number | undefined;
}

/**
 * One of several processes leads: who holds the Lease, which is there beforehand. Times of others are not compared with the
 * own clock: a Lease has run out when it was seen unchanged for its whole duration.
 */
export function startLease({ api, namespace, name, identity, log, everyMs = EVERY_MS }: LeaseOptions): Lease {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
  const stopping = new AbortController();
  let renewedAtMs: number | undefined;
  let seen = { record: '', sinceMs: 0 };
  let complained = false;

  const holds = () => renewedAtMs !== undefined && performance.now() - renewedAtMs < RENEW_WITHIN_MS;

  async function write(
    lease: z.infer<typeof leaseSchema>,
    holder: string,
    signal?: AbortSignal,
  ): Promise<void> {
    // Kubernetes wants microseconds.
    const now = new Date().toISOString().replace('Z', '000Z');
    const isNew = holder !== '' && lease.spec.holderIdentity !== holder;
    const spec = {
      ...lease.spec,
      holderIdentity: holder,
      leaseDurationSeconds: DURATION_SECONDS,
      renewTime: now,
      ...(isNew ? { acquireTime: now, leaseTransitions: lease.spec.leaseTransitions + 1 } : {}),
    };
    await api.put(path, { ...lease, spec }, leaseSchema, signal);
  }

  async function round(): Promise<void> {
    const before = holds();
    try {
      const lease = await api.get(path, leaseSchema, stopping.signal);
      const { holderIdentity, renewTime, leaseDurationSeconds } = lease.spec;
      const record = `${holderIdentity} ${renewTime}`;
      if (record !== seen.record) seen = { record, sinceMs: performance.now() };
      const isMine = holderIdentity === identity;
      if (!isMine) renewedAtMs = undefined;
      const hasRunOut =
        holderIdentity === '' || performance.now() - seen.sinceMs > leaseDurationSeconds * 1000;
      if (isMine || hasRunOut) {
        const atMs = performance.now();
        await write(lease, identity, stopping.signal);
        renewedAtMs = atMs;
      }
      complained = false;
    } catch (error) {
      stopping.signal.throwIfAborted();
      // Another was quicker.
      if (error instanceof ClusterError && error.status === 409) renewedAtMs = undefined;
      else if (!complained) {
        complained = true;
        log.warn({ lease: name, reason: (error as Error).message }, 'the lease is not renewed');
      }
    }
    if (holds() !== before) log.info({ lease: name, identity }, holds() ? 'leads' : 'leads no more');
  }

  const stopped = repeat({
    everyMs,
    work: round,
    signal: stopping.signal,
    onError: (error) => log.error({ err: error }, 'the lease failed'),
  });
  return {
    holds,
    async stop() {
      const held = holds();
      stopping.abort();
      renewedAtMs = undefined;
      await stopped;
      if (!held) return;
      try {
        const lease = await api.get(path, leaseSchema);
        if (lease.spec.holderIdentity === identity) await write(lease, '');
      } catch (error) {
        log.info({ reason: (error as Error).message }, 'the lease is not given away, and runs out');
      }
    },
  };
}
