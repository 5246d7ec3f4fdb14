import { dirname } from 'node:path';
import { openBackup, restoreBackup } from '../backup/restore.ts';
import type { Engine } from '../engine.ts';
import { Progress } from '../progress.ts';
import { countsInWords } from './backup.ts';
import { confirmed } from './confirmed.ts';
import type { CommandContext } from './context.ts';
import { dataOf, engineHere } from './data.ts';

/** Puts a backup in place of all data, after asking where there is some. */
export async function restore(
  context: CommandContext,
  file: string,
  options: { readonly yes: boolean; readonly engine?: Engine },
): Promise<void> {
  const { settings, signal, write } = context;
  const backup = await openBackup({ file, folder: dirname(settings.dataDir), versions: settings.versions });
  try {
    const { manifest } = backup;
    write(`${file}: of ${manifest.createdAt}, ${manifest.engine} engine. ${countsInWords(manifest)}.`);
    const engine = options.engine ?? (await engineHere(context)) ?? manifest.engine;
    const store = dataOf(context, engine);
    const present = (await store.parts()).filter((part) => part !== 'home');
    if (present.length > 0 && !options.yes) {
      const question = `Stop everything, and replace what is there (${present.join(', ')})?`;
      if (!(await confirmed(question, `npm run restore -- ${file} --yes`, signal)))
        return write('Left as it is.');
    }
    const withoutPlace = await restoreBackup({ backup, store, progress: new Progress(write), signal });
    if (withoutPlace.length > 0)
      write(`Left out, as the ${engine} engine has no place for it: ${withoutPlace.join(', ')}.`);
    write(`\nRestored. npm start -- --engine ${engine} goes on with it.`);
  } finally {
    await backup.close();
  }
}
