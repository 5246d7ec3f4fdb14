import { z } from 'zod';
import { boundedText, reasonOf } from '../prometheus/prometheus-client.ts';

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const labels = z.record(z.string(), z.string());

/** @see https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
const alertsSchema = z.array(
  z.object({
    fingerprint: z.string().regex(/^[0-9a-f]{1,64}$/),
    labels: labels.refine(({ alertname }) => alertname !== undefined),
    annotations: labels,
    startsAt: instant,
    generatorURL: z.string().optional(),
    receivers: z.array(z.object({ name: z.string() })).min(1),
    status: z.object({ state: z.enum(['unprocessed', 'active', 'suppressed']) }),
  }),
);
const silencesSchema = z.array(
  z.object({ id: z.string(), comment: z.string(), status: z.object({ state: z.string() }) }),
);
const createdSchema = z.object({ silenceID: z.string() });

export type HeldAlert = z.infer<typeof alertsSchema>[number];

export interface Silence {
  readonly matchers: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly comment: string;
}

export interface AlertmanagerClient {
  /** All that fire, suppressed ones too. Each method rejects with an Error fit for a log. */
  alerts(signal?: AbortSignal): Promise<HeldAlert[]>;
  silence(silence: Silence, signal?: AbortSignal): Promise<string>;
  /** Ids of the silences in force that have this comment. */
  silencesWithComment(comment: string, signal?: AbortSignal): Promise<string[]>;
  expireSilence(id: string, signal?: AbortSignal): Promise<void>;
}

export function createAlertmanagerClient(options: {
  readonly url: string;
  readonly timeoutMs: number;
  /** Value of that header. */
  readonly authorization?: string | undefined;
}): AlertmanagerClient {
  const base = options.url.replace(/\/+$/, '');
  async function ask(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
    const deadline = AbortSignal.timeout(options.timeoutMs);
    try {
      const response = await fetch(`${base}/api/v2${path}`, {
        method,
        headers: {
          ...(options.authorization && { authorization: options.authorization }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      const text = await boundedText(response, MAX_ANSWER_BYTES);
      if (!response.ok) throw new Error(`HTTP ${response.status}: ${text.slice(0, 300)}`);
      return text === '' ? undefined : JSON.parse(text);
    } catch (cause) {
      throw new Error(`Alertmanager at ${base}: ${reasonOf(cause)}`, { cause });
    }
  }
  return {
    alerts: async (signal) => alertsSchema.parse(await ask('GET', '/alerts', undefined, signal)),
    async silence({ matchers, startsAtMs, endsAtMs, comment }, signal) {
      const body = {
        matchers: Object.entries(matchers).map(([name, value]) => ({
          name,
          value,
          isRegex: false,
          isEqual: true,
        })),
        startsAt: new Date(startsAtMs).toISOString(),
        endsAt: new Date(endsAtMs).toISOString(),
        createdBy: 'incident-responder',
        comment,
      };
      return createdSchema.parse(await ask('POST', '/silences', body, signal)).silenceID;
    },
    async silencesWithComment(comment, signal) {
      const silences = silencesSchema.parse(await ask('GET', '/silences', undefined, signal));
      return silences
        .filter((silence) => silence.comment === comment && silence.status.state !== 'expired')
        .map(({ id }) => id);
    },
    expireSilence: async (id, signal) =>
      void (await ask('DELETE', `/silence/${encodeURIComponent(id)}`, undefined, signal)),
  };
}
