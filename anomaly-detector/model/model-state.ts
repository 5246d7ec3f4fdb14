import { crc32 } from 'node:zlib';

const MAGIC = 0x48574d53; // "HWMS"
const VERSION = 1;
const HEADER_BYTES = 24;

/** A stored state that cannot be used; the message says which part, what it was and what was expected. */
export class ModelStateError extends Error {
  override readonly name = 'ModelStateError';
}

/**
 * All that a model knows, in one block of memory: scalars in float64, a value for each slot of the day and of the week
 * in float32 and how often each slot was seen in a byte.
 */
export interface ModelState {
  readonly bytes: Uint8Array;
  readonly scalars: Float64Array;
  readonly dailyValues: Float32Array;
  readonly weeklyValues: Float32Array;
  readonly dailySeen: Uint8Array;
  readonly weeklySeen: Uint8Array;
}

export interface StateShape {
  readonly scalars: number;
  readonly dailySlots: number;
  readonly weeklySlots: number;
}

export function createState({ scalars, dailySlots, weeklySlots }: StateShape): ModelState {
  const slots = dailySlots + weeklySlots;
  const buffer = new ArrayBuffer(scalars * 8 + slots * 5);
  let offset = scalars * 8;
  const dailyValues = new Float32Array(buffer, offset, dailySlots);
  offset += dailySlots * 4;
  const weeklyValues = new Float32Array(buffer, offset, weeklySlots);
  offset += weeklySlots * 4;
  const dailySeen = new Uint8Array(buffer, offset, dailySlots);
  offset += dailySlots;
  const weeklySeen = new Uint8Array(buffer, offset, weeklySlots);
  const scalarView = new Float64Array(buffer, 0, scalars);
  return {
    bytes: new Uint8Array(buffer),
    scalars: scalarView,
    dailyValues,
    weeklyValues,
    dailySeen,
    weeklySeen,
  };
}

/** Header (magic, version, size, CRC-32 of the body, step), then the state as it lies in memory. */
export function encodeState(state: ModelState, stepSeconds: number): Uint8Array {
  const encoded = new Uint8Array(HEADER_BYTES + state.bytes.length);
  const header = new DataView(encoded.buffer);
  header.setUint32(0, MAGIC, true);
  header.setUint32(4, VERSION, true);
  header.setUint32(8, state.bytes.length, true);
  header.setUint32(12, crc32(state.bytes), true);
  header.setFloat64(16, stepSeconds, true);
  encoded.set(state.bytes, HEADER_BYTES);
  return encoded;
}

/**
 * Fills `state` from what {@link encodeState} wrote.
 * @throws {ModelStateError}
 */
export function decodeState(encoded: Uint8Array, state: ModelState, stepSeconds: number): void {
  if (encoded.length < HEADER_BYTES)
    throw new ModelStateError(
      `model state is cut off: got ${encoded.length} bytes, expected a header of ${HEADER_BYTES}`,
    );
  const header = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  expectEqual('magic number', header.getUint32(0, true), MAGIC);
  expectEqual('version', header.getUint32(4, true), VERSION);
  expectEqual('step in seconds', header.getFloat64(16, true), stepSeconds);
  expectEqual('size in bytes', header.getUint32(8, true), state.bytes.length);
  const body = encoded.subarray(HEADER_BYTES);
  expectEqual('bytes present', body.length, state.bytes.length);
  expectEqual('checksum', header.getUint32(12, true), crc32(body));
  state.bytes.set(body);
}

function expectEqual(what: string, got: number, expected: number): void {
  if (got !== expected)
    throw new ModelStateError(`model state has another ${what}: got ${got}, expected ${expected}`);
}
