import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { effectiveConfiguration } from '../effective-configuration.ts';
import { CHANNELS, type Channel, readEffectiveConfiguration } from '../notification-channels.ts';
import { amtool, CONFIG_FILE } from '../testing/amtool.ts';

const binary = process.env.AMTOOL ?? '';
const alertmanagerDir = dirname(CONFIG_FILE);
const shipped = readFileSync(CONFIG_FILE, 'utf8');
const EMAIL_SETTINGS = `smarthost: mail.example.com:587
from: alerts@example.com
to: [team@example.com, lead@example.com]
username: alerts
`;

let secretsDir: string;
beforeEach(() => {
  secretsDir = mkdtempSync(join(tmpdir(), 'notifications-'));
});
afterEach(() => rmSync(secretsDir, { recursive: true }));

const put = (name: string, content: string) => writeFileSync(join(secretsDir, name), content);
function switchOn(channels: readonly Channel[]) {
  for (const channel of channels) put(channel, `key-of-${channel}`);
  if (channels.includes('email')) put('email.yml', EMAIL_SETTINGS);
}
const effective = () => readEffectiveConfiguration({ alertmanagerDir, secretsDir });

/** Receivers by the channels that joined them, beside the webhook. */
function joined(text: string): Record<string, string[]> {
  const { receivers } = parse(text, { merge: true }) as { receivers: ({ name: string } & object)[] };
  return Object.fromEntries(
    receivers.map(({ name, ...configs }) => [
      name,
      Object.keys(configs).filter((key) => key !== 'webhook_configs'),
    ]),
  );
}

describe('channels', () => {
  it('are all off without a secret: the configuration is the shipped one', () => {
    put('.gitignore', '*');
    expect(effective()).toEqual({ channels: [], text: shipped });
  });

  it('join the receivers of their severities', () => {
    switchOn(CHANNELS);
    expect(joined(effective().text)).toEqual({
      page: ['pagerduty_configs', 'opsgenie_configs', 'slack_configs'],
      ticket: ['slack_configs', 'email_configs'],
      info: ['email_configs'],
      watchdog: [],
    });
  });

  it('leave routes, inhibition and the webhook as they are', () => {
    switchOn(CHANNELS);
    const before = parse(shipped, { merge: true });
    const after = parse(effective().text);
    expect({ ...after, receivers: [] }).toEqual({ ...before, receivers: [] });
    const webhooks = (configuration: { receivers: { webhook_configs: unknown }[] }) =>
      configuration.receivers.map(({ webhook_configs }) => webhook_configs);
    expect(webhooks(after)).toEqual(webhooks(before));
  });

  it('never have their secret copied', () => {
    switchOn(CHANNELS);
    expect(effective().text).not.toContain('key-of-');
  });

  it('add to what a receiver has of the same kind', () => {
    const base = 'receivers: [{ name: page, slack_configs: [{ channel: a }] }]';
    const text = effectiveConfiguration(base, [
      { joins: ['page'], configs: { slack_configs: [{ channel: 'b' }] } },
    ]);
    expect(parse(text).receivers[0].slack_configs).toEqual([{ channel: 'a' }, { channel: 'b' }]);
  });

  it('cannot join a receiver that does not exist', () => {
    const fragment = { joins: ['nobody'], configs: {} };
    expect(() => effectiveConfiguration(shipped, [fragment])).toThrow(
      'joins: got nobody, expected one of the receivers page, ticket, info, watchdog',
    );
  });

  it.each([
    ['slakc', 'x', /slakc: got slakc, expected one of pagerduty, opsgenie, slack, email, email\.yml/],
    ['slack', '', /slack: got an empty file, expected a secret/],
    ['email', 'x', /email\.yml: got no file, expected smarthost, from, to and username/],
  ])('are refused with a file %s of %j', (name, content, message) => {
    put(name, content);
    expect(effective).toThrow(message);
  });

  it.each([
    [
      'smarthost',
      'mail.example.com:587',
      'mail',
      /email\.yml:1: smarthost: found "mail"; possible: host:port/,
    ],
    ['from', 'alerts@example.com', '7', /email\.yml:2: from: found 7; possible: an address/],
    [
      'to',
      '[team@example.com, lead@example.com]',
      '[]',
      /email\.yml:3: to: found \[\]; possible: an address, or a list/,
    ],
    ['username', 'username: alerts', '', /email\.yml:1: username: found nothing; possible: the user/],
    ['file', EMAIL_SETTINGS, 'a: [', /email\.yml:\d: found .*; possible: valid YAML/],
    ['file', EMAIL_SETTINGS, '# later', /email\.yml:1: found nothing; possible: a mapping/],
  ])('are refused with a wrong %s of e-mail', (_, right, wrong, message) => {
    switchOn(['email']);
    put('email.yml', EMAIL_SETTINGS.replace(right, wrong));
    expect(effective).toThrow(message);
  });

  it('never show a password that stands in the wrong file', () => {
    switchOn(['email']);
    put('email.yml', `${EMAIL_SETTINGS}password: hunter2\n`);
    expect(effective).toThrow(
      /email\.yml:5: password: found an unknown field; possible: smarthost, from, to, username$/,
    );
  });
});

describe.skipIf(binary === '')(
  `amtool (${binary || 'skipped: AMTOOL does not name an amtool binary'})`,
  () => {
    it.each([[[]], ...CHANNELS.map((channel) => [[channel]]), [[...CHANNELS]]] as Channel[][][])(
      'accepts the configuration with the channels %j',
      (channels) => {
        switchOn(channels);
        const folder = mkdtempSync(join(tmpdir(), 'effective-'));
        try {
          symlinkSync(join(alertmanagerDir, 'templates'), join(folder, 'templates'));
          const file = join(folder, 'alertmanager.yml');
          writeFileSync(file, effective().text);
          expect(amtool(binary, ['check-config', file])).toContain('SUCCESS');
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    );
  },
);
