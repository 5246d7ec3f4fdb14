const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const SEPARATOR = 0xff;

/**
 * An alert's identity by its labels, as Alertmanager computes it: FNV-1a of 64 bits over names and values in the order of
 * the names' bytes, each ended by a byte that UTF-8 has not. 16 hex digits.
 * @see https://github.com/prometheus/common/blob/main/model/signature.go
 */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const encoder = new TextEncoder();
  let hash = OFFSET_BASIS;
  const add = (bytes: Iterable<number>) => {
    for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  };
  for (const [name, value] of Object.entries(labels).sort(([a], [b]) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  )) {
    add([...encoder.encode(name), SEPARATOR]);
    add([...encoder.encode(value), SEPARATOR]);
  }
  return hash.toString(16).padStart(16, '0');
}
