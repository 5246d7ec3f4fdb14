import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type BackendOptions, createBackendClient } from '../backends/backend-client.ts';

const labels = z.record(z.string(), z.string());
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const alertsSchema = z.array(
  z
    .object({
      fingerprint: z.string().regex(/^[0-9a-f]{1,64}$/),
      // Alertmanager takes alerts without alertname too.
      labels,
      annotations: labels,
      startsAt: instant,
      endsAt: instant,
      updatedAt: instant,
      generatorURL: z.string().default(''),
      receivers: z.array(z.object({ name: z.string() })).min(1),
      status: z.object({
        state: z.enum(['unprocessed', 'active', 'suppressed']),
        inhibitedBy: z.array(z.string()),
      }),
    })
    .transform(({ startsAt, endsAt, updatedAt, ...alert }) => ({
      ...alert,
      startsAtMs: startsAt,
      endsAtMs: endsAt,
      updatedAtMs: updatedAt,
    })),
);
const silencesSchema = z.array(
  z.object({
    id: z.string(),
    comment: z.string(),
    createdBy: z.string(),
    status: z.object({ state: z.string() }),
  }),
);
const createdSchema = z.object({ silenceID: z.string() });

export type HeldAlert = z.infer<typeof alertsSchema>[number];

/** An element of the body of POST /api/v2/alerts: without a start it fires from now on, with an end in the past it is resolved. */
interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

interface Silence {
  readonly matchers: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** One replica. Every method rejects with a BackendError, or with the abort reason of `signal`. */
export interface AlertmanagerClient {
  readonly url: string;
  /** Resolves once Alertmanager took all of them. */
  post(alerts: readonly PostableAlert[]): Promise<void>;
  /** All that fire and match all of the matchers (`severity="page"`), suppressed ones too. */
  alerts(signal?: AbortSignal, matchers?: readonly string[]): Promise<HeldAlert[]>;
  /** Resolves with its id as soon as it is in force; a kill within seconds may undo it: see `stored`. */
  beginSilence(silence: Silence, signal?: AbortSignal): Promise<string>;
  /** Resolves with its id once it is on disk: see `stored`. */
  silence(silence: Silence, signal?: AbortSignal): Promise<string>;
  /** Ids of the silences in force that have this comment. */
  silencesWithComment(comment: string, signal?: AbortSignal): Promise<string[]>;
  /** All in force. */
  silences(signal?: AbortSignal): Promise<{ id: string; comment: string; createdBy: string }[]>;
  /** As soon as it is in force no more; a kill within seconds may undo that: see `stored`. */
  endSilence(id: string, signal?: AbortSignal): Promise<void>;
  /** Resolves once its end is on disk: see `stored`. */
  expireSilence(id: string, signal?: AbortSignal): Promise<void>;
  /**
   * Resolves once all silences that Alertmanager holds now would survive its kill: it answers before it writes them, and
   * writes them every `--data.maintenance-interval`.
   *
   * @throws Error where it was started anew meanwhile, cannot write, or has not within 20 s.
   */
  stored(signal?: AbortSignal): Promise<void>;
}

/** Alerts in one request: keeps bodies well under a megabyte. */
const BATCH = 500;
const STORED_TIMEOUT_MS = 20_000;
const STORED_POLL_MS = 200;

/** @see https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export function createAlertmanagerClient(options: Omit<BackendOptions, 'name'>): AlertmanagerClient {
  const http = createBackendClient({ ...options, name: 'Alertmanager' });

  async function maintenance(signal: AbortSignal | undefined) {
    const metrics = await http.text({ path: '/metrics', signal });
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
    return {
      begun: value('alertmanager_silences_maintenance_total'),
      failed: value('alertmanager_silences_maintenance_errors_total'),
    };
  }

  async function stored(signal?: AbortSignal): Promise<void> {
    const before = await maintenance(signal);
    const deadline = performance.now() + STORED_TIMEOUT_MS;
    for (;;) {
      const now = await maintenance(signal);
      if (now.failed > before.failed) throw new Error('Alertmanager could not write its silences to disk');
      if (now.begun < before.begun)
        throw new Error('Alertmanager was started anew before it wrote its silences');
      // One write may have been under way before; the next one has them all, and is done when that after it begins.
      if (now.begun >= before.begun + 2) return;
      if (performance.now() > deadline)
        throw new Error(
          `Alertmanager has not written its silences to disk within ${STORED_TIMEOUT_MS / 1000} s: expected a --data.maintenance-interval of a few seconds`,
        );
      await sleep(STORED_POLL_MS, undefined, { signal });
    }
  }

  async function silences(signal?: AbortSignal) {
    const all = await http.json({ path: '/api/v2/silences', signal }, silencesSchema);
    return all.filter(({ status }) => status.state !== 'expired');
  }

  async function beginSilence(silence: Silence, signal?: AbortSignal): Promise<string> {
    const { matchers, startsAtMs, endsAtMs, createdBy, comment } = silence;
    const body = {
      matchers: Object.entries(matchers).map(([name, value]) => ({
        name,
        value,
        isRegex: false,
        isEqual: true,
      })),
      startsAt: new Date(startsAtMs).toISOString(),
      endsAt: new Date(endsAtMs).toISOString(),
      createdBy,
      comment,
    };
    return (await http.json({ path: '/api/v2/silences', body, signal }, createdSchema)).silenceID;
  }

  const endSilence = async (id: string, signal?: AbortSignal) =>
    void (await http.text({ method: 'DELETE', path: `/api/v2/silence/${encodeURIComponent(id)}`, signal }));

  return {
    url: http.url,
    async post(alerts) {
      for (let from = 0; from < alerts.length; from += BATCH)
        await http.text({ path: '/api/v2/alerts', body: alerts.slice(from, from + BATCH) });
    },
    alerts: (signal, filter) =>
      http.json({ path: '/api/v2/alerts', parameters: { filter }, signal }, alertsSchema),
    beginSilence,
    async silence(silence, signal) {
      const id = await beginSilence(silence, signal);
      await stored(signal);
      return id;
    },
    silences,
    async silencesWithComment(comment, signal) {
      return (await silences(signal)).filter((each) => each.comment === comment).map(({ id }) => id);
    },
    endSilence,
    async expireSilence(id, signal) {
      await endSilence(id, signal);
      await stored(signal);
    },
    stored,
  };
}
