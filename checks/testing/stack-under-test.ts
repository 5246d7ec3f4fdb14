import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { servedInTrace, TRACE_RESPONSE_HEADER } from '@aiops-sre/conventions/probe.ts';
import {
  createAlertmanagerClient,
  type HeldAlert,
} from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { platformLogin } from '@aiops-sre/service-kit/platform/platform-login.ts';
import { endpoint, type PortName } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { layout } from '@aiops-sre/stack/native/layout.ts';
import { SupervisorClient } from '@aiops-sre/stack/native/supervisor/client.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import axios, { type AxiosResponse } from 'axios';
import { execa } from 'execa';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Span {
  readonly service: string;
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId: string;
}

export interface LogLine {
  readonly line: string;
  /** Index labels and structured metadata. */
  readonly fields: Readonly<Record<string, string>>;
}

interface Notification {
  readonly receivedAt: string;
  readonly status: string;
  /** How often the same was said in a row. */
  readonly deliveries: number;
  readonly alerts: readonly {
    status: string;
    labels: Record<string, string>;
    startsAt: string;
    annotations: Record<string, string>;
  }[];
}

/** The running stack, as the tests see it: over HTTP, and through the supervisor where they break something. */
export function stackUnderTest() {
  const { AIOPS_DATA_DIR, AIOPS_HOME, AIOPS_PORT_OFFSET } = process.env;
  if (!AIOPS_DATA_DIR || !AIOPS_PORT_OFFSET)
    throw new Error('These tests run in a stack of their own: npm run test:stack');
  const environment = { AIOPS_DATA_DIR, AIOPS_PORT_OFFSET, ...(AIOPS_HOME && { AIOPS_HOME }) };
  const portOffset = Number(AIOPS_PORT_OFFSET);
  const settings = readSettings(ROOT, process.env);
  const paths = layout(settings);
  const http = axios.create({ timeout: 10_000, proxy: false, validateStatus: () => true });
  const url = (name: PortName, path = '') => `${endpoint(settings, name)}${path}`;
  const secret = (name: string) => readFileSync(join(paths.secretsDir, name), 'utf8').trim();
  const adminToken = () => secret('admin-token');
  const alertmanager = createAlertmanagerClient({
    url: url('alertmanager'),
    timeoutMs: 10_000,
    login: platformLogin(ROOT, environment),
  });

  return {
    settings,
    environment,
    portOffset,
    paths,
    http,
    url,
    adminToken,
    /** Of the installation, by the name of its file. */
    secret,
    prometheus: createPrometheusClient({ url: url('prometheus'), timeoutMs: 10_000 }),
    alertmanager,
    supervisor: new SupervisorClient(paths.socketPath),

    /** One request and the trace it was served in; an empty id where it was not answered by the application. */
    async tracedRequest(
      method: 'GET' | 'POST',
      path: string,
      data?: unknown,
    ): Promise<{ traceId: string; response: AxiosResponse }> {
      const response = await http.request({ method, url: url('storefront', path), data });
      return { traceId: servedInTrace(response.headers[TRACE_RESPONSE_HEADER]) ?? '', response };
    },

    /** Spans of a trace in Tempo; empty while it has none. */
    async spans(traceId: string): Promise<readonly Span[]> {
      const response = await http.get(url('tempo', `/api/traces/${traceId}`));
      if (response.status !== 200) return [];
      // biome-ignore lint/suspicious/noExplicitAny: OTLP JSON, read by its documented names
      return (response.data.batches ?? []).flatMap((batch: any) => {
        // biome-ignore lint/suspicious/noExplicitAny: as above
        const attribute = batch.resource.attributes.find(({ key }: any) => key === 'service.name');
        // biome-ignore lint/suspicious/noExplicitAny: as above
        return batch.scopeSpans.flatMap(({ spans }: any) =>
          // biome-ignore lint/suspicious/noExplicitAny: as above
          spans.map((span: any) => ({
            ...span,
            service: attribute?.value?.stringValue,
            parentSpanId: span.parentSpanId ?? '',
          })),
        );
      });
    },

    /** Lines of the last ten minutes that LogQL finds, at most 1000. @throws with Loki's answer where it is an error. */
    async logLines(query: string): Promise<readonly LogLine[]> {
      const start = `${Math.floor(Date.now() / 1000) - 600}`;
      const response = await http.get(url('loki', '/loki/api/v1/query_range'), {
        params: { query, start, limit: '1000' },
      });
      if (response.status !== 200) throw new Error(`Loki: ${response.status} ${response.data}`);
      const streams: { stream: LogLine['fields']; values: [string, string][] }[] = response.data.data.result;
      return streams.flatMap(({ stream, values }) => values.map(([, line]) => ({ line, fields: stream })));
    },

    /** Sets the faults of a process of the application, all at once. */
    async setFaults(faults: Record<string, number>, process: PortName = 'storefront'): Promise<void> {
      const headers = { authorization: `Bearer ${adminToken()}` };
      const response = await http.put(url(process, '/admin/faults'), faults, { headers });
      if (response.status >= 300)
        throw new Error(`PUT /admin/faults: ${response.status} ${JSON.stringify(response.data)}`);
    },

    async clearFaults(process: PortName = 'storefront'): Promise<void> {
      await http.delete(url(process, '/admin/faults'), {
        headers: { authorization: `Bearer ${adminToken()}` },
      });
    },

    /** Sets the factor on the traffic generator's rate by one of the flag's variants. */
    setTraffic(variant: 'normal' | 'third'): void {
      this.setFlag(FLAGS.trafficRateFactor, variant);
    },

    /** Gives a feature flag another variant; the roles follow within a second or two. */
    setFlag(flag: string, variant: string): void {
      const flags = JSON.parse(readFileSync(paths.flagsFile, 'utf8'));
      flags.flags[flag].defaultVariant = variant;
      writeFileSync(paths.flagsFile, JSON.stringify(flags, undefined, 2));
    },

    /** The variant that everybody gets of a feature flag. */
    flag: (flag: string): string =>
      JSON.parse(readFileSync(paths.flagsFile, 'utf8')).flags[flag].defaultVariant,

    /** `npm run diagnose` with these arguments and --json. @throws with what it said where it exits with another code than 0 */
    // biome-ignore lint/suspicious/noExplicitAny: the command's JSON, read by its documented names
    async diagnose(...args: readonly string[]): Promise<any> {
      const { stdout } = await execa(process.execPath, ['diagnosis/main.ts', ...args, '--json'], {
        cwd: ROOT,
        env: environment,
        timeout: 60_000,
      });
      return JSON.parse(stdout);
    },

    /** Notifications with this alert that the webhook received, newest first. */
    async notifications(alertname: string): Promise<readonly Notification[]> {
      const response = await http.get(url('incidentResponder', '/api/notifications'), {
        params: { alertname },
      });
      return response.data.notifications ?? response.data;
    },

    /** Alerts that Alertmanager holds active now and that match all of the matchers. */
    async activeAlerts(...matchers: readonly string[]): Promise<readonly HeldAlert[]> {
      return await alertmanager.alerts(undefined, matchers);
    },
  };
}

/**
 * Calls `attempt` until it returns something, and returns that.
 *
 * @throws Error with `what` after `timeoutMs`.
 */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  attempt: () => Promise<T | undefined | false>,
): Promise<T> {
  const startedMs = Date.now();
  let last: unknown;
  for (;;) {
    try {
      const result = await attempt();
      if (result !== undefined && result !== false) return result as T;
    } catch (error) {
      last = error;
    }
    if (Date.now() - startedMs > timeoutMs)
      throw new Error(`after ${timeoutMs / 1000} s there is still no ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
