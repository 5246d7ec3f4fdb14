import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
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
    cpSync(source, join(folder, file));
  }
}

/** Leaves Grafana out of a copy, as there is no image of it: Prometheus has nobody to scrape there. */
export function withoutGrafana(folder: string): void {
  writeFileSync(join(folder, 'prometheus', 'targets', 'grafana.json'), '[]\n');
}
