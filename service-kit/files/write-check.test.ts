import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWriteCheck } from './write-check.ts';

describe('the check that a folder can be written', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'write-check-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The next write meets a full disk. */
  const fillDisk = () => symlink('/dev/full', join(folder, '.write-check'));

  it('finds nothing wrong, and leaves nothing behind', async () => {
    expect(await createWriteCheck({ folder })()).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('says that the disk is full, and when it is not any more', async () => {
    const check = createWriteCheck({ folder, everyMs: 0 });
    await fillDisk();
    expect(await check()).toMatch(/^nothing can be written to .*write-check-.*: ENOSPC/);
    expect(await check()).toBeUndefined();
  });

  it('says that the folder is gone', async () => {
    await rm(folder, { recursive: true });
    expect(await createWriteCheck({ folder })()).toContain('ENOENT');
  });

  it('writes once in a while only, however often it is asked', async () => {
    const check = createWriteCheck({ folder, everyMs: 60_000 });
    await check();
    await fillDisk();
    expect(await Promise.all([check(), check()])).toEqual([undefined, undefined]);
  });
});
