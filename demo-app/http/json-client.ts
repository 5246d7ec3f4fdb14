import { Agent } from 'node:http';
import axios, { type AxiosInstance } from 'axios';
import type { Network } from './network.ts';

export interface JsonClientOptions {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly maxSockets?: number;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Through which network it calls which service; without one drills do nothing to it. */
  readonly over?: { readonly network: Network; readonly to: string };
}

/**
 * An axios client for one service: connections are kept, every status is an answer rather than an error, and no request
 * can leave for another host, be it by an absolute URL, a redirect or a proxy from the environment.
 */
export function createJsonClient({
  baseUrl,
  timeoutMs,
  maxSockets = 64,
  headers,
  over,
}: JsonClientOptions): AxiosInstance {
  return axios.create({
    adapter: 'http',
    baseURL: baseUrl,
    allowAbsoluteUrls: false,
    proxy: false,
    maxRedirects: 0,
    httpAgent: over
      ? over.network.agent(over.to, { timeoutMs, maxSockets })
      : new Agent({ keepAlive: true, maxSockets }),
    timeout: timeoutMs,
    maxContentLength: 1024 * 1024,
    maxBodyLength: 1024 * 1024,
    decompress: false,
    headers: { Accept: 'application/json', ...headers },
    validateStatus: () => true,
  });
}

/** Why a request got no answer: the system's or axios' code, such as ECONNREFUSED, or the message. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.message;
}
