import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readYamlFile } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { z } from 'zod';
import { effectiveConfiguration, type ReceiverFragment } from './effective-configuration.ts';

/** Each is on if the secrets folder has a file of its name. */
export const CHANNELS = ['pagerduty', 'opsgenie', 'slack', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];

const EMAIL_SETTINGS = 'email.yml';

const fragmentSchema = z
  .object({ joins: z.array(z.string(), 'a list of receivers').min(1, 'at least one receiver') })
  .catchall(z.array(z.looseObject({}), 'a list of receiver settings'));

const address = z.email('an address like oncall@example.com');
const emailSettingsSchema = z.strictObject({
  smarthost: z
    .string('host:port, like mail.example.com:587')
    .regex(/^[^\s:]+:\d{1,5}$/, 'host:port, like mail.example.com:587'),
  from: address,
  to: z.union(
    [address, z.array(address).min(1, 'an address, or a list of addresses')],
    'an address, or a list of addresses',
  ),
  username: z.string('the user the password belongs to').min(1, 'the user the password belongs to'),
});

/** @throws Error if the folder has a file that is empty or belongs to no channel, or lacks the settings of e-mail. */
function channelsThatAreOn(secretsDir: string): readonly Channel[] {
  const files = readdirSync(secretsDir).filter((name) => !name.startsWith('.'));
  const known: readonly string[] = [...CHANNELS, EMAIL_SETTINGS];
  for (const name of files) {
    const file = join(secretsDir, name);
    if (!known.includes(name)) throw new Error(`${file}: got ${name}, expected one of ${known.join(', ')}`);
    const { size } = statSync(file);
    if (size === 0) throw new Error(`${file}: got an empty file, expected a secret, or no file`);
  }
  if (files.includes('email') && !files.includes(EMAIL_SETTINGS)) {
    throw new Error(
      `${join(secretsDir, EMAIL_SETTINGS)}: got no file, expected smarthost, from, to and username for e-mail`,
    );
  }
  return CHANNELS.filter((channel) => files.includes(channel));
}

function readFragment(alertmanagerDir: string, secretsDir: string, channel: Channel): ReceiverFragment {
  const { joins, ...configs } = readYamlFile(
    join(alertmanagerDir, 'receivers', `${channel}.yml`),
    fragmentSchema,
  );
  if (channel !== 'email') return { joins, configs };
  const { smarthost, from, to, username } = readYamlFile(
    join(secretsDir, EMAIL_SETTINGS),
    emailSettingsSchema,
  );
  const server = { smarthost, from, to: [to].flat().join(', '), auth_username: username };
  return {
    joins,
    configs: { email_configs: (configs.email_configs ?? []).map((each) => ({ ...each, ...server })) },
  };
}

export interface EffectiveConfiguration {
  readonly channels: readonly Channel[];
  readonly text: string;
}

/**
 * alertmanager.yml with every channel whose secret is in place, and what a home folder adds. Secrets are looked for, not read.
 *
 * @param options.alertmanagerDir Folder of alertmanager.yml and `receivers/`.
 * @param options.secretsDir Folder with a file per channel that is on, and `email.yml` for e-mail.
 * @throws Error that names the file, what it has and what is expected.
 */
export function readEffectiveConfiguration(options: {
  readonly alertmanagerDir: string;
  readonly secretsDir: string;
  readonly home?: readonly ReceiverFragment[];
}): EffectiveConfiguration {
  const { alertmanagerDir, secretsDir, home = [] } = options;
  const channels = channelsThatAreOn(secretsDir);
  const fragments = channels.map((channel) => readFragment(alertmanagerDir, secretsDir, channel));
  const base = readFileSync(join(alertmanagerDir, 'alertmanager.yml'), 'utf8');
  return { channels, text: effectiveConfiguration(base, [...fragments, ...home]) };
}
