import { Agent } from 'node:https';
import axios, { type AxiosInstance } from 'axios';

/** Where a door is, and who may pass. */
export interface DoorAccess {
  readonly host: string;
  readonly user: string;
  readonly password: string;
  /** PEM of an authority of one's own; without, the public ones count. */
  readonly authority?: string | undefined;
  readonly timeoutMs: number;
}

/** Trusts the authority. */
export const agentOf = ({ authority }: DoorAccess) =>
  new Agent({ ...(authority && { ca: authority }), keepAlive: false });

/** A client that trusts the authority, follows nothing and takes every status for an answer. */
export function doorClient(access: DoorAccess): AxiosInstance {
  return axios.create({
    timeout: access.timeoutMs,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: 8 * 1024 * 1024,
    validateStatus: () => true,
    responseType: 'text',
    httpsAgent: agentOf(access),
  });
}

async function statusOf(
  client: AxiosInstance,
  url: string,
  login?: { username: string; password: string },
): Promise<number | string> {
  try {
    return (await client.get<string>(url, { ...(login && { auth: login }) })).status;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  }
}

const NO_SERVICE = [400, 'ECONNRESET', 'EPROTO', 'HPE_INVALID_CONSTANT', 'ERR_BAD_RESPONSE', 'ECONNABORTED'];

/**
 * What is wrong with a door; nothing where it is as it has to be: shut without TLS, shut without and with a wrong
 * password, open with the right one.
 *
 * @param path undefined for a door that takes telemetry: then nothing is asked of it with the password.
 */
export async function doorProblems(
  access: DoorAccess,
  port: number,
  path: string | undefined,
): Promise<readonly string[]> {
  const client = doorClient(access);
  const { host, user, password } = access;
  const authority = host.includes(':') ? `[${host}]` : host;
  const url = `https://${authority}:${port}${path ?? '/'}`;
  const [plain, bare, wrong, right] = await Promise.all([
    statusOf(client, url.replace('https:', 'http:'), { username: user, password }),
    statusOf(client, url),
    statusOf(client, url, { username: user, password: `${password}x` }),
    path === undefined ? undefined : statusOf(client, url, { username: user, password }),
  ]);
  const problems: string[] = [];
  const hold = (fine: boolean, what: string, got: unknown) => {
    if (!fine) problems.push(`${url}: ${what}, got ${got}`);
  };
  hold(NO_SERVICE.includes(plain as never), 'expected no service without TLS', plain);
  hold(bare === 401, 'expected 401 without a password', bare);
  hold(wrong === 401, 'expected 401 with a wrong password', wrong);
  hold(right === undefined || right === 200, 'expected 200 with the password', right);
  return problems;
}
