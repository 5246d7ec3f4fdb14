import { type BackendOptions, createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { z } from 'zod';
import type { Labels } from './matchers.ts';

const labels = z.record(z.string(), z.string());
const statusSchema = z.object({ config: z.object({ original: z.string() }) });
const silencesSchema = z.array(
  z.object({
    id: z.string(),
    comment: z.string(),
    createdBy: z.string(),
    endsAt: z.string(),
    status: z.object({ state: z.string() }),
    matchers: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean(),
        isEqual: z.boolean().default(true),
      }),
    ),
  }),
);
const alertsSchema = z.array(z.object({ labels }));

export type Silence = z.infer<typeof silencesSchema>[number];

/** What a running Alertmanager says about itself; every method rejects while it does not answer. */
export interface LiveAlertmanager {
  /** The configuration it runs with, keys hidden. */
  configuration(): Promise<string>;
  /** In force now. */
  silences(): Promise<readonly Silence[]>;
  /** Labels of the alerts that fire and are neither silenced nor inhibited. */
  firing(): Promise<readonly Labels[]>;
  post(alerts: readonly unknown[]): Promise<void>;
  metrics(): Promise<string>;
}

export function liveAlertmanager(options: Omit<BackendOptions, 'name'>): LiveAlertmanager {
  const http = createBackendClient({ ...options, name: 'Alertmanager' });
  return {
    configuration: async () => (await http.json({ path: '/api/v2/status' }, statusSchema)).config.original,
    silences: async () =>
      (await http.json({ path: '/api/v2/silences' }, silencesSchema)).filter(
        ({ status }) => status.state === 'active',
      ),
    firing: async () =>
      (
        await http.json(
          { path: '/api/v2/alerts', parameters: { silenced: 'false', inhibited: 'false' } },
          alertsSchema,
        )
      ).map((alert) => alert.labels),
    post: async (alerts) => void (await http.text({ path: '/api/v2/alerts', body: alerts })),
    metrics: () => http.text({ path: '/metrics' }),
  };
}
