import { mkdirSync, readFileSync } from 'node:fs';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import { type Layout, layout as layoutOf } from '../native/layout.ts';
import type { Settings } from '../settings.ts';

/** The version that the stable storefront runs with. */
export function stableVersion(settings: Settings, layout: Layout = layoutOf(settings)): string {
  try {
    return readFileSync(layout.versionFile('storefront'), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return settings.storefrontVersion;
  }
}

/** Makes a version that of the stable storefront's next start. */
export async function rememberVersion(layout: Layout, process: string, version: string): Promise<void> {
  mkdirSync(layout.deployDir, { recursive: true });
  await writeAtomically(layout.versionFile(process), `${version}\n`);
}
