import { get } from 'node:http';
import { acceptsConnections } from '@aiops-sre/service-kit/postgres/accepts-connections.ts';

/** Where a component tells whether it is ready: HTTP, or `postgres://HOST:PORT` for whether PostgreSQL takes logins there. */
export interface ReadyQuestion {
  readonly url: string;
  /** Of the HTTP answer that says ready. Default: 200. */
  readonly readyStatus?: number | undefined;
}

/** Undefined where it is ready, else what it does instead. By node:http, as fetch would cost the process 10 MB. */
export async function askReady(
  { url, readyStatus = 200 }: ReadyQuestion,
  timeoutMs: number,
): Promise<string | undefined> {
  if (url.startsWith('postgres:')) {
    const { hostname, port } = new URL(url);
    const accepts = await acceptsConnections({ host: hostname, port: Number(port), timeoutMs });
    return accepts ? undefined : 'takes no logins';
  }
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: timeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode === readyStatus ? undefined : `answered ${response.statusCode}`);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
