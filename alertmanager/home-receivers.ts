import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFiles } from '@aiops-sre/service-kit/home/home.ts';
import { FileError, type FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { readYamlFile } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { ReceiverFragment } from './effective-configuration.ts';

/** @see https://prometheus.io/docs/alerting/latest/configuration/#receiver */
const KINDS = [
  'discord_configs',
  'email_configs',
  'incidentio_configs',
  'jira_configs',
  'mattermost_configs',
  'msteams_configs',
  'msteamsv2_configs',
  'opsgenie_configs',
  'pagerduty_configs',
  'pushover_configs',
  'rocketchat_configs',
  'slack_configs',
  'sns_configs',
  'telegram_configs',
  'victorops_configs',
  'webex_configs',
  'webhook_configs',
  'wechat_configs',
] as const;

const entries = z.array(z.looseObject({}), 'a list of receiver settings').min(1);

const fragmentSchema = z
  .strictObject({
    joins: z.array(z.string(), 'a list of receivers').min(1, 'at least one receiver'),
    ...(Object.fromEntries(KINDS.map((kind) => [kind, entries.optional()])) as Record<
      (typeof KINDS)[number],
      z.ZodOptional<typeof entries>
    >),
  })
  .refine((fragment) => Object.keys(fragment).length > 1, `one of ${KINDS.join(', ')} beside joins`);

export interface HomeReceiver extends ReceiverFragment {
  readonly file: string;
}

/**
 * What the files of `receivers/` of a home folder add to the receivers of alertmanager.yml. A broken one is left out; whether
 * Alertmanager takes the settings of each kind is for amtool to say.
 */
export function readHomeReceivers(options: {
  readonly home: string;
  /** Folder of alertmanager.yml. */
  readonly alertmanagerDir: string;
}): { readonly receivers: readonly HomeReceiver[]; readonly problems: readonly FileProblem[] } {
  const names = receiverNames(readFileSync(join(options.alertmanagerDir, 'alertmanager.yml'), 'utf8'));
  const receivers: HomeReceiver[] = [];
  const problems: FileProblem[] = [];
  for (const file of homeFiles(options.home, 'receivers')) {
    try {
      const { joins, ...kinds } = readYamlFile(file, fragmentSchema);
      for (const [index, name] of joins.entries())
        if (!names.includes(name))
          throw new FileError([
            { file, path: `joins[${index}]`, found: name, possible: `one of ${names.join(', ')}` },
          ]);
      const configs = Object.fromEntries(
        Object.entries(kinds).filter((each): each is [string, Record<string, unknown>[]] => !!each[1]),
      );
      receivers.push({ file, joins, configs });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { receivers, problems };
}

const namesSchema = z.object({ receivers: z.array(z.object({ name: z.string() })) });

/** None of a configuration that is broken: what is, is for Alertmanager to say in its own words. */
function receiverNames(configuration: string): readonly string[] {
  const document = parseDocument(configuration, { merge: true });
  const { data } = namesSchema.safeParse(document.errors.length === 0 ? document.toJS() : undefined);
  return data?.receivers.map(({ name }) => name) ?? [];
}
