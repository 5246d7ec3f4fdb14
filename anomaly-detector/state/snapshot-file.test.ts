import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSnapshot, writeSnapshot } from './snapshot-file.ts';

describe('a snapshot file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'snapshot-'));
    file = join(folder, 'deep', 'rule.snapshot');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const snapshot = {
    meta: { name: 'rule', at: 12.5 },
    blobs: [new Uint8Array([1, 2, 3]), new Uint8Array(2_000_000).fill(7)],
  };

  it('gives back what was written, and leaves nothing else behind', async () => {
    await writeSnapshot(file, snapshot);
    await writeSnapshot(file, snapshot);
    const read = await readSnapshot(file);
    expect(read?.meta).toEqual(snapshot.meta);
    expect(
      read?.blobs.map((blob) => Buffer.compare(blob, snapshot.blobs[read.blobs.indexOf(blob)]!)),
    ).toEqual([0, 0]);
    expect(await readdir(join(folder, 'deep'))).toEqual(['rule.snapshot']);
  });

  it('that is not there is no error', async () => {
    expect(await readSnapshot(file)).toBeUndefined();
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1), /checksum/],
    ['with one bit turned', (bytes: Buffer) => bytes.fill(bytes[500]! ^ 1, 500, 501), /checksum/],
    ['of another format version', (bytes: Buffer) => bytes.fill(9, 8, 9), /format version 9, expected 1/],
    ['of something else', () => Buffer.from('hello'), /is not a snapshot/],
    ['emptied', () => Buffer.alloc(0), /is not a snapshot/],
  ])('%s is told apart from a whole one', async (_, damage, message) => {
    await writeSnapshot(file, snapshot);
    await writeFile(file, damage(await readFile(file)));
    await expect(readSnapshot(file)).rejects.toThrow(message);
    await expect(readSnapshot(file)).rejects.toThrow(file);
  });
});
