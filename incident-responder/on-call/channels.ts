import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Channel, ChannelKind } from './roster.ts';

const TIMEOUT_MS = 10_000;
const MOST_SECRET_BYTES = 2000;

export interface PageMessage {
  /** The same for all that is said about one incident. */
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly incidentUrl: string;
  /** Wakes somebody: not so for a status update. */
  readonly urgent: boolean;
  /** Opens a page that asks whether one takes it on; absent where nobody can. */
  readonly acknowledgeUrl?: string | undefined;
}

interface Post {
  readonly url: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const PAGERDUTY = 'https://events.pagerduty.com/v2/enqueue';
const OPSGENIE = 'https://api.opsgenie.com/v2/alerts';
const lines = ({ text, incidentUrl, acknowledgeUrl }: PageMessage) =>
  [text, incidentUrl, ...(acknowledgeUrl === undefined ? [] : [`Take it on: ${acknowledgeUrl}`])].join('\n');
const pagerDuty = (secret: string, body: object): Post => {
  const [key = '', url = PAGERDUTY] = secret.split(/\s+/);
  return { url, body: { routing_key: key, ...body } };
};
const opsgenie = (secret: string, path: string, body: object): Post => {
  const [key = '', url = OPSGENIE] = secret.split(/\s+/);
  return { url: `${url}${path}`, body, headers: { Authorization: `GenieKey ${key}` } };
};

/** What is sent to whom; `secret` is the file's content: an address, or a key and, of another region, an address behind it. */
const OPENING: Readonly<Record<ChannelKind, (secret: string, message: PageMessage) => Post>> = {
  webhook: (url, message) => ({ url, body: message }),
  /** @see https://docs.ntfy.sh/publish/#publish-as-json */
  ntfy(address, { title, text, incidentUrl, acknowledgeUrl, urgent }) {
    const topic = new URL(address);
    const path = topic.pathname.split('/');
    return {
      url: new URL(`${path.slice(0, -1).join('/')}/`, topic).href,
      body: {
        topic: path.at(-1),
        title,
        message: text,
        priority: urgent ? 5 : 3,
        click: incidentUrl,
        ...(acknowledgeUrl !== undefined && {
          actions: [{ action: 'view', label: 'Take it on', url: acknowledgeUrl }],
        }),
      },
    };
  },
  slack: (url, message) => ({ url, body: { text: `*${plain(message.title)}*\n${plain(lines(message))}` } }),
  /** @see https://developer.pagerduty.com/docs/send-alert-event */
  pagerduty: (secret, message) =>
    pagerDuty(secret, {
      event_action: 'trigger',
      dedup_key: message.key,
      payload: {
        summary: message.title.slice(0, 1024),
        source: 'incident-responder',
        severity: 'critical',
        custom_details: { text: lines(message) },
      },
      links: [{ href: message.incidentUrl, text: 'Incident' }],
    }),
  /** @see https://docs.opsgenie.com/docs/alert-api */
  opsgenie: (secret, message) =>
    opsgenie(secret, '', {
      message: message.title.slice(0, 130),
      alias: message.key,
      description: lines(message),
      priority: 'P1',
    }),
};

/** How those are told that it is over which would page on by themselves. */
const CLOSING: Readonly<Partial<Record<ChannelKind, (secret: string, key: string) => Post>>> = {
  pagerduty: (secret, key) => pagerDuty(secret, { event_action: 'resolve', dedup_key: key }),
  opsgenie: (secret, key) => opsgenie(secret, `/${encodeURIComponent(key)}/close?identifierType=alias`, {}),
};
export const CLOSED_KINDS = Object.keys(CLOSING) as readonly ChannelKind[];

/** Slack's own marks. */
const plain = (text: string) =>
  text.replace(/[&<>]/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[each]!);

/** Sends through a channel of a person. Rejects with what went wrong, never with the secret. */
export interface Channels {
  open(channel: Channel, message: PageMessage): Promise<void>;
  close(channel: Channel, key: string): Promise<void>;
}

/** @param folder that the secrets' files are named from; each is read anew for every message */
export function createChannels(folder: string): Channels {
  async function secretOf({ file }: Channel): Promise<string> {
    let secret: string;
    try {
      secret = (await readFile(join(folder, file), 'utf8')).trim();
    } catch (error) {
      throw new Error(`${file}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`);
    }
    if (secret === '' || secret.length > MOST_SECRET_BYTES)
      throw new Error(`${file}: expected an address or a key, got ${secret.length} characters`);
    return secret;
  }
  return {
    async open(channel, message) {
      const secret = await secretOf(channel);
      if (['webhook', 'ntfy', 'slack'].includes(channel.kind)) refuseUnsafe(secret, channel.file);
      await post(OPENING[channel.kind](secret, message));
    },
    async close(channel, key) {
      const closing = CLOSING[channel.kind];
      if (closing !== undefined) await post(closing(await secretOf(channel), key));
    },
  };
}

function refuseUnsafe(address: string, file: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLocal))
    throw new Error(`${file}: expected an address with https, or http on this machine`);
}

async function post({ url, body, headers }: Post): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const { name, cause } = error as Error;
    // The message could hold the address, which is the secret.
    throw new Error(
      name === 'TimeoutError'
        ? `no answer within ${TIMEOUT_MS / 1000} s`
        : `not reached${cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''}`,
    );
  }
  await response.body?.cancel();
  if (!response.ok) throw new Error(`answered ${response.status}`);
}
