import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { create, Header } from 'tar';

/** Content by path. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** A .tar.gz of these files, which can all be executed. */
export function tarGz(files: Files): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content, { mode: 0o755 });
    }
    const file = join(folder, '.tar.gz');
    create({ file, cwd: folder, gzip: true, sync: true }, Object.keys(files));
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A .tar.gz with entries as no honest program writes them. */
export function forgedTarGz(
  entries: readonly { path: string; content?: string; linkpath?: string }[],
): Buffer {
  const blocks = entries.flatMap(({ path, content = '', linkpath }) => {
    const header = Buffer.alloc(512);
    new Header({
      path,
      mode: 0o755,
      size: content.length,
      type: linkpath === undefined ? 'File' : 'SymbolicLink',
      ...(linkpath !== undefined && { linkpath }),
    }).encode(header);
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return [header, body];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** A .zip of these files, uncompressed; names are taken as they are. @see APPNOTE.TXT 4.3 of PKWARE */
export function zip(files: Files): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const body = Buffer.from(content);
    // Version needed, flags, method 0 (stored), time and date, checksum, sizes, lengths of name and extra field.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(body), 10);
    shared.writeUInt32LE(body.length, 14);
    shared.writeUInt32LE(body.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), shared, name, body]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00'), shared, rest, name);
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(local.length, 4);
  end.writeUInt16LE(local.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end]);
}
