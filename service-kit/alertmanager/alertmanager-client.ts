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
      updatedAt: instant,
      generatorURL: z.string().default(''),
      receivers: z.array(z.object({ name: z.string() })).min(1),
      status: z.object({
        state: z.enum(['unprocessed', 'active', 'suppressed']),
        inhibitedBy: z.array(z.string()),
      }),
    })
    .transform(({ startsAt, updatedAt, ...alert }) => ({
      ...alert,
      startsAtMs: startsAt,
      updatedAtMs: updatedAt,
    })),
);
const silencesSchema = z.array(
  z.object({ id: z.string(), comment: z.string(), status: z.object({ state: z.string() }) }),
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
  silence(silence: Silence, signal?: AbortSignal): Promise<string>;
  /** Ids of the silences in force that have this comment. */
  silencesWithComment(comment: string, signal?: AbortSignal): Promise<string[]>;
  expireSilence(id: string, signal?: AbortSignal): Promise<void>;
}

/** Alerts in one request: keeps bodies well under a megabyte. */
const BATCH = 500;

/** @see https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export function createAlertmanagerClient(options: Omit<BackendOptions, 'name'>): AlertmanagerClient {
  const http = createBackendClient({ ...options, name: 'Alertmanager' });
  return {
    url: http.url,
    async post(alerts) {
      for (let from = 0; from < alerts.length; from += BATCH)
        await http.text({ path: '/api/v2/alerts', body: alerts.slice(from, from + BATCH) });
    },
    alerts: (signal, filter) =>
      http.json({ path: '/api/v2/alerts', parameters: { filter }, signal }, alertsSchema),
    async silence({ matchers, startsAtMs, endsAtMs, createdBy, comment }, signal) {
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
    },
    async silencesWithComment(comment, signal) {
      const silences = await http.json({ path: '/api/v2/silences', signal }, silencesSchema);
      return silences
        .filter((silence) => silence.comment === comment && silence.status.state !== 'expired')
        .map(({ id }) => id);
    },
    async expireSilence(id, signal) {
      await http.text({ method: 'DELETE', path: `/api/v2/silence/${encodeURIComponent(id)}`, signal });
    },
  };
}
