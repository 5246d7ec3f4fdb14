import axios, { isAxiosError } from 'axios';
import type { BackendLogin } from '../backend-login.ts';
import type { PostableAlert } from './alert.ts';

/** One Alertmanager replica. */
export type AlertmanagerClient = {
  readonly url: string;
  /** Resolves once Alertmanager took all of them; rejects with an Error whose message is fit for a log. */
  post(alerts: readonly PostableAlert[]): Promise<void>;
};

/** Alerts in one request: keeps bodies well under a megabyte. */
const BATCH = 500;

export function createAlertmanagerClient(options: {
  url: string;
  timeoutMs: number;
  login?: BackendLogin | undefined;
}): AlertmanagerClient {
  const http = axios.create({
    baseURL: options.url.replace(/\/+$/, ''),
    timeout: options.timeoutMs,
    maxContentLength: 64 * 1024,
    maxRedirects: 0,
    proxy: false,
    ...(options.login && { auth: options.login }),
    responseType: 'text',
  });
  return {
    url: options.url,
    async post(alerts) {
      for (let from = 0; from < alerts.length; from += BATCH) {
        try {
          await http.post('/api/v2/alerts', alerts.slice(from, from + BATCH), {
            signal: AbortSignal.timeout(options.timeoutMs),
          });
        } catch (cause) {
          throw new Error(`${options.url}: ${reason(cause, options.timeoutMs)}`, { cause });
        }
      }
    },
  };
}

function reason(cause: unknown, timeoutMs: number): string {
  if (!isAxiosError(cause)) return (cause as Error).message;
  if (cause.response) return `HTTP ${cause.response.status}, ${String(cause.response.data).slice(0, 300)}`;
  if (cause.code === 'ERR_CANCELED' || cause.code === 'ECONNABORTED')
    return `no answer within ${timeoutMs} ms`;
  return cause.message || (cause.code ?? 'no connection');
}
