const MEBIBYTE = 1024 * 1024;

/** A leak stops growing here: a drill shows the slope, it need not take the machine down. */
export const LEAK_LIMIT_BYTES = 256 * MEBIBYTE;
/** Of an array in V8's heap. */
const BYTES_A_VALUE = 8;

/**
 * Leaks resident memory outside of the heap limit, a little every second.
 *
 * @returns a function that ends the leak and frees what it held
 */
export function leakMemory(mebibytesPerMinute: number): () => void {
  const chunkBytes = Math.ceil((mebibytesPerMinute * MEBIBYTE) / 60);
  // Filled with ones: untouched pages would not become resident.
  return leak(mebibytesPerMinute, (held) => {
    if (held.length * chunkBytes < LEAK_LIMIT_BYTES) held.push(Buffer.alloc(chunkBytes, 1));
  });
}

/**
 * Leaks V8's heap, a little every second, until its limit (`--max-old-space-size`) ends the process, which nothing can catch.
 *
 * @returns a function that ends the leak and frees what it held
 */
export function leakHeap(mebibytesPerMinute: number): () => void {
  const values = Math.ceil((mebibytesPerMinute * MEBIBYTE) / 60 / BYTES_A_VALUE);
  return leak(mebibytesPerMinute, (held) => void held.push(new Array(values).fill(0)));
}

function leak(mebibytesPerMinute: number, grow: (held: unknown[]) => void): () => void {
  if (mebibytesPerMinute === 0) return () => {};
  const held: unknown[] = [];
  const timer = setInterval(() => grow(held), 1000).unref();
  return () => {
    clearInterval(timer);
    held.length = 0;
  };
}
