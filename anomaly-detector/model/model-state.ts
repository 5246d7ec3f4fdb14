import { crc32 } from 'node:zlib';
import { SCALARS } from './state-layout.ts';

const MAGIC = 0x48574d53; // "HWMS"
const VERSION = 7;
const HEADER_BYTES = 24;

/** A stored state that cannot be used; the message says which part, what it was and what was expected. */
export class ModelStateError extends Error {
  override readonly name = 'ModelStateError';
}

/** All that a model knows, in one block of memory. */
export interface ModelState {
  /** @see state-layout.ts */
  readonly scalars: Float64Array;
  /**
   * Deviation from the level in each slot: those of the day first, then those of the week. The seven lowest bits are
   * not the value's, see slot-learning.ts; as part of it they are some hundred-thousandths.
   */
  readonly slotValues: Float32Array;
  /** The same memory, bit by bit. */
  readonly slotBits: Int32Array;
}

export function createState(slots: number): ModelState {
  const buffer = new ArrayBuffer(SCALARS * 8 + slots * 4);
  return {
    scalars: new Float64Array(buffer, 0, SCALARS),
    slotValues: new Float32Array(buffer, SCALARS * 8, slots),
    slotBits: new Int32Array(buffer, SCALARS * 8, slots),
  };
}

/** Header (magic, version, size, CRC-32 of the body, step), then the state as it lies in memory, little endian. */
export function encodeState(state: ModelState, stepSeconds: number): Uint8Array {
  const body = new Uint8Array(state.scalars.buffer);
  const encoded = new Uint8Array(HEADER_BYTES + body.length);
  const header = new DataView(encoded.buffer);
  header.setUint32(0, MAGIC, true);
  header.setUint32(4, VERSION, true);
  header.setUint32(8, body.length, true);
  header.setUint32(12, crc32(body), true);
  header.setFloat64(16, stepSeconds, true);
  encoded.set(body, HEADER_BYTES);
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
  const target = new Uint8Array(state.scalars.buffer);
  expectEqual('magic number', header.getUint32(0, true), MAGIC);
  expectEqual('version', header.getUint32(4, true), VERSION);
  expectEqual('step in seconds', header.getFloat64(16, true), stepSeconds);
  expectEqual('size in bytes', header.getUint32(8, true), target.length);
  const body = encoded.subarray(HEADER_BYTES);
  expectEqual('bytes present', body.length, target.length);
  expectEqual('checksum', header.getUint32(12, true), crc32(body));
  target.set(body);
}

function expectEqual(what: string, got: number, expected: number): void {
  if (got !== expected)
    throw new ModelStateError(`model state has another ${what}: got ${got}, expected ${expected}`);
}
