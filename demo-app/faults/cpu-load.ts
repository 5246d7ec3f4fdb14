const SLICE_MS = 50;

/**
 * Keeps this share of one core busy, on the main thread and in slices: the event loop is late, but it turns.
 *
 * @param load 0..1
 * @returns a function that ends the load
 */
export function burnCpu(load: number): () => void {
  if (load === 0) return () => {};
  let timer: NodeJS.Timeout;
  const slice = () => {
    const until = performance.now() + SLICE_MS * load;
    while (performance.now() < until);
    timer = setTimeout(slice, SLICE_MS * (1 - load)).unref();
  };
  timer = setTimeout(slice, 0).unref();
  return () => clearTimeout(timer);
}
