import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeBackup } from '../backup/backup.ts';
import type { Manifest } from '../backup/manifest.ts';
import type { Engine } from '../engine.ts';
import { Progress } from '../progress.ts';
import type { CommandContext } from './context.ts';
import { dataOf, engineHere } from './data.ts';

/** `1,204 incidents`: what a person counts, of what a manifest counts. */
export function countsInWords({ counts }: Pick<Manifest, 'counts'>): string {
  const of = (name: string, what: string) =>
    counts[name] === undefined ? [] : [`${counts[name].toLocaleString('en')} ${what}`];
  return [
    ...of('incident-responder.incidents', 'incidents'),
    ...of('incident-responder.notifications', 'notifications'),
    ...of('incident-responder.auditEntries', 'audit entries'),
    ...of('prometheus.samples', 'samples in blocks'),
    ...of('tempo.files', 'files of traces'),
    ...of('loki.files', 'files of logs'),
  ].join(', ');
}

function platformVersion(root: string): string {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** Writes all data into `file`. */
export async function backup(
  context: CommandContext,
  file: string,
  options: { readonly withSecrets: boolean; readonly engine?: Engine },
): Promise<void> {
  const { settings, signal, write } = context;
  const engine = options.engine ?? (await engineHere(context)) ?? 'native';
  const manifest = await writeBackup({
    file,
    store: dataOf(context, engine),
    engine,
    secrets: options.withSecrets,
    settings,
    platform: platformVersion(settings.root),
    progress: new Progress(write),
    signal,
  });
  write(`\n${file}: ${countsInWords(manifest)}. Read again, and whole.`);
  write(
    options.withSecrets
      ? 'Its passwords, tokens and keys are in it: keep it as you keep those.'
      : 'Passwords, tokens and keys are not in it (--with-secrets): where it is restored, those that are there stay.',
  );
}
