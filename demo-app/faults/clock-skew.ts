/**
 * Sets the clock of this process alone, as it is read by `Date`: timestamps of spans, log lines and metrics are off by so much. Timers and
 * durations are not, as with a machine's clock.
 *
 * @param seconds ahead of the system's clock; behind it where negative
 * @returns a function that sets it right
 */
export function skewClock(seconds: number): () => void {
  if (seconds === 0) return () => {};
  const Right = globalThis.Date;
  const now = () => Right.now() + seconds * 1000;
  globalThis.Date = new Proxy(Right, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Right(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  return () => {
    globalThis.Date = Right;
  };
}
