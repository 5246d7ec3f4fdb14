import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptedBackend } from '@aiops-sre/service-kit/testing/scripted-backend.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createChannels, type PageMessage } from './channels.ts';
import type { ChannelKind } from './roster.ts';

const message: PageMessage = {
  key: 'incident/7/ada',
  urgent: true,
  title: 'SEV2: <Shop> fails',
  text: 'Ada, you are on call.',
  incidentUrl: 'http://127.0.0.1:8091/incidents/7',
  acknowledgeUrl: 'http://127.0.0.1:8091/acknowledge/TOKEN',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'channels-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function sentBy(kind: ChannelKind, secret: (url: string) => string, act: 'open' | 'close' = 'open') {
  await using backend = await scriptedBackend((_request, response) => void response.end('{}'));
  writeFileSync(join(folder, 'secret'), `${secret(backend.url)}\n`);
  const channels = createChannels(folder);
  const channel = { kind, file: 'secret' };
  await (act === 'open' ? channels.open(channel, message) : channels.close(channel, message.key));
  const [request] = backend.requests;
  return { ...request, body: JSON.parse(request!.body) };
}

it('sends to a phone by ntfy, whose topic is the end of the address', async () => {
  expect(await sentBy('ntfy', (url) => `${url}/deep/topic-of-ada`)).toMatchObject({
    url: '/deep/',
    body: {
      topic: 'topic-of-ada',
      title: message.title,
      priority: 5,
      click: message.incidentUrl,
      actions: [{ action: 'view', url: message.acknowledgeUrl }],
    },
  });
});

it('sends to Slack without its marks, and to a webhook as it is', async () => {
  const { body } = await sentBy('slack', (url) => `${url}/hook`);
  expect(body.text).toMatch(/^\*SEV2: &lt;Shop&gt; fails\*\nAda, .*\nTake it on: http/s);
  expect((await sentBy('webhook', (url) => url)).body).toEqual(message);
});

it('opens and closes alerts of pager services under one key', async () => {
  expect(await sentBy('pagerduty', (url) => `KEY ${url}/enqueue`)).toMatchObject({
    url: '/enqueue',
    body: { routing_key: 'KEY', event_action: 'trigger', dedup_key: message.key },
  });
  expect(await sentBy('pagerduty', (url) => `KEY ${url}/enqueue`, 'close')).toMatchObject({
    body: { routing_key: 'KEY', event_action: 'resolve', dedup_key: message.key },
  });
  expect(await sentBy('opsgenie', (url) => `KEY ${url}/alerts`)).toMatchObject({
    url: '/alerts',
    authorization: 'GenieKey KEY',
    body: { alias: message.key, priority: 'P1' },
  });
  expect((await sentBy('opsgenie', (url) => `KEY ${url}/alerts`, 'close')).url).toBe(
    '/alerts/incident%2F7%2Fada/close?identifierType=alias',
  );
});

it.each([
  ['a file that is not there', undefined, 'secret: ENOENT'],
  ['an empty file', '', 'secret: expected an address or a key, got 0 characters'],
  [
    'an address that anybody could read',
    'http://ntfy.example/topic',
    'secret: expected an address with https',
  ],
  ['nobody who listens', 'http://127.0.0.1:9/hidden-topic', 'not reached'],
])('fails for %s, and never tells the address', async (_case, secret, problem) => {
  if (secret !== undefined) writeFileSync(join(folder, 'secret'), secret);
  const failure = await createChannels(folder)
    .open({ kind: 'webhook', file: 'secret' }, message)
    .catch((error: Error) => error.message);
  expect(failure).toContain(problem);
  expect(failure).not.toContain('hidden-topic');
});
