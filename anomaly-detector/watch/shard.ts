/** One of `count` detectors that share a configuration; `index` is 1..count. */
export type Shard = { readonly index: number; readonly count: number };

export const WHOLE: Shard = { index: 1, count: 1 };

/** Reads `2/3`; throws an Error that says what was expected. */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,3})\/(\d{1,3})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || index > count)
    throw new Error(`shard: expected i/n with 1 <= i <= n such as 2/3, got ${JSON.stringify(text)}`);
  return { index, count };
}

/** True for exactly one shard of `count`, whatever the process: depends on the key alone. */
export function belongsTo(shard: Shard, seriesKey: string): boolean {
  return shard.count === 1 || mixed(fnv1a(seriesKey)) % shard.count === shard.index - 1;
}

/** FNV-1a, 32 bits. @see https://datatracker.ietf.org/doc/draft-eastlake-fnv/ */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** MurmurHash3's finaliser: FNV's low bits alone share out keys that differ in one digit unevenly. */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
