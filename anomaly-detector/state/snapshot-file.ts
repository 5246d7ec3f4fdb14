import { createHash } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';

/**
 * A snapshot on disk: `AIOPSNAP`, format version (u32), length of the JSON part (u32), the JSON part, the blobs one
 * after another, and the SHA-256 of all that. Numbers are little-endian. The JSON part holds the blobs' lengths.
 */
const MAGIC = Buffer.from('AIOPSNAP');
const FORMAT_VERSION = 1;
const HEADER_BYTES = MAGIC.length + 8;
const CHECKSUM_BYTES = 32;

export type Snapshot = { readonly meta: unknown; readonly blobs: readonly Uint8Array[] };

/** A file that is there and is no whole snapshot of this format version. */
class CorruptSnapshot extends Error {
  override name = 'CorruptSnapshot';
}

/** Writes the snapshot, all of it or nothing. */
export async function writeSnapshot(file: string, { meta, blobs }: Snapshot): Promise<void> {
  const json = Buffer.from(JSON.stringify({ meta, blobLengths: blobs.map((blob) => blob.length) }));
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(FORMAT_VERSION, MAGIC.length);
  header.writeUInt32LE(json.length, MAGIC.length + 4);

  await writeAtomically(file, withChecksum([header, json, ...blobs]), 0o600);
}

/** The snapshot, or undefined when there is no file. Throws {@link CorruptSnapshot}, or what the disk throws. */
export async function readSnapshot(file: string): Promise<Snapshot | undefined> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return bytes === undefined ? undefined : parseSnapshot(bytes, file);
}

function parseSnapshot(bytes: Buffer, file: string): Snapshot {
  const corrupt = (what: string) => new CorruptSnapshot(`${file}: ${what}`);
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw corrupt('is not a snapshot');
  const version = bytes.readUInt32LE(MAGIC.length);
  if (version !== FORMAT_VERSION) throw corrupt(`has format version ${version}, expected ${FORMAT_VERSION}`);
  const body = bytes.subarray(0, bytes.length - CHECKSUM_BYTES);
  const checksum = bytes.subarray(bytes.length - CHECKSUM_BYTES);
  if (!createHash('sha256').update(body).digest().equals(checksum))
    throw corrupt('does not match its checksum');
  // From here on the bytes are the ones that were written: what still fails is a mistake of the program.
  const jsonEnd = HEADER_BYTES + bytes.readUInt32LE(MAGIC.length + 4);
  const { meta, blobLengths } = JSON.parse(body.subarray(HEADER_BYTES, jsonEnd).toString()) as {
    meta: unknown;
    blobLengths: number[];
  };
  let offset = jsonEnd;
  const blobs = blobLengths.map((length) => {
    offset += length;
    return body.subarray(offset - length, offset);
  });
  return { meta, blobs };
}

/** Moves an unusable file out of the way, where a person can look at it; a former one is overwritten. */
export async function setAside(file: string): Promise<string> {
  const aside = `${file}.unusable`;
  await rename(file, aside);
  return aside;
}

/** The parts and their checksum, a megabyte or more at a time: thousands of small writes cost more than the copy. */
function* withChecksum(parts: readonly Uint8Array[], batchBytes = 1 << 20): Generator<Uint8Array> {
  const hash = createHash('sha256');
  let batch: Uint8Array[] = [];
  let size = 0;
  for (const [index, part] of parts.entries()) {
    hash.update(part);
    batch.push(part);
    size += part.length;
    if (size < batchBytes && index < parts.length - 1) continue;
    yield Buffer.concat(batch, size);
    batch = [];
    size = 0;
  }
  yield hash.digest();
}
