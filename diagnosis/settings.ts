import { z } from 'zod';

const address = (port: number) =>
  z.url({ protocol: /^https?$/, error: 'expected an http address' }).default(`http://127.0.0.1:${port}`);

const settingsSchema = (offset: number) =>
  z.object({
    PROMETHEUS_URL: address(9090 + offset),
    TEMPO_URL: address(3200 + offset),
    LOKI_URL: address(3100 + offset),
    ALERTMANAGER_URL: address(9093 + offset),
    GRAFANA_URL: address(3001 + offset),
  });

/** Addresses without a slash at the end. */
export interface Settings {
  readonly prometheusUrl: string;
  readonly tempoUrl: string;
  readonly lokiUrl: string;
  readonly alertmanagerUrl: string;
  readonly grafanaUrl: string;
}

/** The platform's own addresses, shifted by AIOPS_PORT_OFFSET, where the environment names no others. @throws naming the variable */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const offset = z.coerce
    .number()
    .int()
    .min(0)
    .max(50_000)
    .catch(0)
    .parse(environment.AIOPS_PORT_OFFSET ?? 0);
  const result = settingsSchema(offset).safeParse(environment);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new Error(`environment: ${path.join('.')}: ${message}, got "${environment[String(path[0])]}"`);
  }
  const trimmed = (url: string) => url.replace(/\/+$/, '');
  return {
    prometheusUrl: trimmed(result.data.PROMETHEUS_URL),
    tempoUrl: trimmed(result.data.TEMPO_URL),
    lokiUrl: trimmed(result.data.LOKI_URL),
    alertmanagerUrl: trimmed(result.data.ALERTMANAGER_URL),
    grafanaUrl: trimmed(result.data.GRAFANA_URL),
  };
}
