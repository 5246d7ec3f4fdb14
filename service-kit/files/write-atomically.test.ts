import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAtomically } from './write-atomically.ts';

describe('writing a file atomically', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'write-atomically-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes its folder, gives the file its mode and replaces it as a whole', async () => {
    const file = join(folder, 'new', 'state');
    await writeAtomically(file, 'a longer text', 0o600);
    await writeAtomically(file, [Buffer.from('in '), Buffer.from('parts')], 0o600);
    expect(await readFile(file, 'utf8')).toBe('in parts');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('leaves the old file and nothing else behind when the content cannot be written to its end', async () => {
    const file = join(folder, 'state');
    await writeAtomically(file, 'old');
    function* cutShort() {
      yield Buffer.from('half of the n');
      throw new Error('no space left on device');
    }
    await expect(writeAtomically(file, cutShort())).rejects.toThrow('no space left');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['state']);
  });
});
