import { crc32 } from 'node:zlib';
import { type ModelState, mapNumbers } from './model-state.ts';

const MAGIC = 0x48574d53; // "HWMS"
const VERSION = 12;
const HEADER_BYTES = 24;

/** A stored state that cannot be used; the message says which part, what it was and what was expected. */
export class ModelStateError extends Error {
  override readonly name = 'ModelStateError';
}

/** Header (magic, version, size, CRC-32 of the body, step), then the numbers as float64 and the slots as float32. */
export function encodeState(state: ModelState, stepSeconds: number): Uint8Array {
  const encoded = new Uint8Array(HEADER_BYTES + sizeOf(state));
  const view = new DataView(encoded.buffer);
  let at = HEADER_BYTES;
  mapNumbers(state, (number) => {
    view.setFloat64(at, number, true);
    at += 8;
    return number;
  });
  encoded.set(bytesOf(state.slots), at);
  const body = encoded.subarray(HEADER_BYTES);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, body.length, true);
  view.setUint32(12, crc32(body), true);
  view.setFloat64(16, stepSeconds, true);
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
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const size = sizeOf(state);
  expectEqual('magic number', view.getUint32(0, true), MAGIC);
  expectEqual('version', view.getUint32(4, true), VERSION);
  expectEqual('step in seconds', view.getFloat64(16, true), stepSeconds);
  expectEqual('size in bytes', view.getUint32(8, true), size);
  const body = encoded.subarray(HEADER_BYTES);
  expectEqual('bytes present', body.length, size);
  expectEqual('checksum', view.getUint32(12, true), crc32(body));
  let at = HEADER_BYTES;
  mapNumbers(state, () => {
    const number = view.getFloat64(at, true);
    at += 8;
    return number;
  });
  bytesOf(state.slots).set(encoded.subarray(at));
}

function sizeOf(state: ModelState): number {
  let numbers = 0;
  mapNumbers(state, (number) => {
    numbers += 1;
    return number;
  });
  return numbers * 8 + state.slots.byteLength;
}

const bytesOf = ({ buffer }: Float32Array): Uint8Array => new Uint8Array(buffer);

function expectEqual(what: string, got: number, expected: number): void {
  if (got !== expected)
    throw new ModelStateError(`model state has another ${what}: got ${got}, expected ${expected}`);
}
