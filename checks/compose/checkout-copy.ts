import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** What a clone of this checkout would hold: its files without what git ignores, changes included. */
export async function copyCheckout(root: string, folder: string): Promise<void> {
  const { stdout } = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of stdout.split('\0').filter(Boolean)) {
    const source = join(root, file);
    if (!existsSync(source)) continue; // deleted, not yet committed
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    // Links stay links: the chart has some.
    cpSync(source, join(folder, file), { recursive: true, verbatimSymlinks: true });
  }
}
