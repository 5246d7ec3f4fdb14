/**
 * Runs in a container of the stack's image that has one volume at /volume: packs it to standard output, unpacks standard
 * input beside what is in it, and puts that in its place.
 *
 *   main.ts pack | main.ts stage UID:GID | main.ts commit UID:GID | main.ts abandon
 */
import { chown, lchown, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { create, extract } from 'tar';

const VOLUME = process.env.VOLUME ?? '/volume';
const STAGED = join(VOLUME, '.restoring');
const REPLACED = join(VOLUME, '.replaced');
const OURS = new Set(['.restoring', '.replaced']);

async function pack(): Promise<void> {
  const entries = (await readdir(VOLUME)).filter((name) => !OURS.has(name));
  const packed = create(
    { cwd: VOLUME, gzip: { level: 1 }, strict: true },
    entries.length > 0 ? entries : ['.'],
  );
  await new Promise<void>((resolve, reject) => {
    packed.on('error', reject);
    packed.pipe(process.stdout).on('finish', resolve).on('error', reject);
    packed.on('end', resolve);
  });
}

async function stage(uid: number, gid: number): Promise<void> {
  await rm(STAGED, { recursive: true, force: true });
  await mkdir(STAGED, { mode: 0o700 });
  const unpacked = extract({ cwd: STAGED, strict: true, chmod: true });
  await new Promise<void>((resolve, reject) => {
    unpacked.on('close', resolve).on('error', reject);
    process.stdin.on('error', reject).pipe(unpacked);
  });
  // Whoever it belonged to where it is from.
  for (const entry of await readdir(STAGED, { recursive: true, withFileTypes: true }))
    await lchown(join(entry.parentPath, entry.name), uid, gid);
}

async function commit(uid: number, gid: number): Promise<void> {
  await mkdir(REPLACED, { recursive: true });
  for (const name of await readdir(VOLUME))
    if (!OURS.has(name)) await rename(join(VOLUME, name), join(REPLACED, name));
  for (const name of await readdir(STAGED).catch(() => []))
    await rename(join(STAGED, name), join(VOLUME, name));
  await chown(VOLUME, uid, gid);
  await rm(STAGED, { recursive: true, force: true });
  await rm(REPLACED, { recursive: true, force: true });
}

const [action, owner = '0:0'] = process.argv.slice(2);
const [uid = 0, gid = 0] = owner.split(':').map(Number);
if (action === 'pack') await pack();
else if (action === 'stage') await stage(uid, gid);
else if (action === 'commit') await commit(uid, gid);
else if (action === 'abandon') await rm(STAGED, { recursive: true, force: true });
else throw new Error('usage: main.ts pack|stage|commit|abandon [UID:GID]');
