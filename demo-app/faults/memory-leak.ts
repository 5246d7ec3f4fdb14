const MEBIBYTE = 1024 * 1024;

/** A leak stops growing here: a drill shows the slope, it need not take the machine down. */
export const LEAK_LIMIT_BYTES = 256 * MEBIBYTE;

/**
 * Leaks resident memory outside of the heap limit, a little every second.
 *
 * @returns a function that ends the leak and frees what it held
 */
export function leakMemory(mebibytesPerMinute: number): () => void {
  if (mebibytesPerMinute === 0) return () => {};
  const leaked: Buffer[] = [];
  const chunkBytes = Math.ceil((mebibytesPerMinute * MEBIBYTE) / 60);
  const timer = setInterval(() => {
    // Filled with ones: untouched pages would not become resident.
    if (leaked.length * chunkBytes < LEAK_LIMIT_BYTES) leaked.push(Buffer.alloc(chunkBytes, 1));
  }, 1000).unref();
  return () => {
    clearInterval(timer);
    leaked.length = 0;
  };
}
