import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import { z } from 'zod';
import { type Layout, layout as layoutOf } from '../native/layout.ts';
import type { Settings } from '../settings.ts';

/** Name of Helm's release. */
export const RELEASE = 'aiops';

const installationSchema = z.strictObject({
  context: z.string().min(1),
  namespace: z.string().min(1),
  demo: z.boolean(),
});
/** Where `npm start -- --engine kubernetes` has installed the platform. */
export type Installation = Readonly<z.infer<typeof installationSchema>>;

/** Below the data folder: what keeps the ports of this host forwarded. */
export const forwardsLayout = (settings: Settings): Layout =>
  layoutOf({ ...settings, dataDir: join(settings.dataDir, 'kubernetes') });

const fileOf = (settings: Settings) => join(settings.dataDir, 'kubernetes', 'installation.json');

/** Undefined where there is none. @throws Error naming the file, where it is of another form */
export function readInstallation(settings: Settings): Installation | undefined {
  const file = fileOf(settings);
  if (!existsSync(file)) return undefined;
  const { data, error } = installationSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (data) return data;
  throw new Error(`${file}: ${z.prettifyError(error)}`);
}

export async function writeInstallation(settings: Settings, installation: Installation): Promise<void> {
  await writeAtomically(fileOf(settings), JSON.stringify(installation, undefined, 2));
}
