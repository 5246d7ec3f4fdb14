/**
 * Writes the folder that Alertmanager runs in, for Compose: the configuration with every channel whose secret is in
 * place, the templates, and where the responder's webhook is (WEBHOOK_URL, WEBHOOK_TOKEN).
 *
 *   node alertmanager/main.ts FOLDER SECRETS_FOLDER [HOME_FOLDER]
 */

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orExit } from '@aiops-sre/service-kit/lifecycle/or-exit.ts';
import { readEnvironment } from '@aiops-sre/service-kit/settings/environment.ts';
import { httpUrl, token } from '@aiops-sre/service-kit/settings/variables.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { z } from 'zod';
import { readHomeReceivers } from './home-receivers.ts';
import { readEffectiveConfiguration } from './notification-channels.ts';

const [folder, secretsDir, home] = process.argv.slice(2);
if (!folder || !secretsDir)
  throw new Error('usage: node alertmanager/main.ts FOLDER SECRETS_FOLDER [HOME_FOLDER]');
const { WEBHOOK_URL, WEBHOOK_TOKEN } = orExit(
  () => readEnvironment(z.object({ WEBHOOK_URL: httpUrl, WEBHOOK_TOKEN: token }), process.env),
  1,
);

try {
  const alertmanagerDir = import.meta.dirname;
  const receivers = home === undefined ? [] : readHomeReceivers({ home, alertmanagerDir }).receivers;
  const { channels, text } = readEffectiveConfiguration({ alertmanagerDir, secretsDir, home: receivers });
  // Where Compose mounts the channels' secrets: a mount point inside of a read-only volume must be there already.
  mkdirSync(join(folder, 'secrets', 'notifications'), { recursive: true });
  mkdirSync(join(folder, 'my'), { recursive: true });
  cpSync(join(alertmanagerDir, 'templates'), join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'secrets', 'webhook_url'), WEBHOOK_URL);
  writeFileSync(join(folder, 'secrets', 'webhook_token'), WEBHOOK_TOKEN);
  writeFileSync(join(folder, 'alertmanager.yml'), text);
  print(`channels beside the webhook: ${channels.join(', ') || 'none'}`);
} catch (error) {
  printError(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
