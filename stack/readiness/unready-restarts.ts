/** How long a component stays up that never was ready since its start, in multiples of its limit. */
const FACTOR_BEFORE_FIRST_READY = 10;
/** The limit doubles with each restart that did not help, up to this. */
const MAX_BACKOFF_FACTOR = 16;
/** Ready for this long, it is as new. */
const FORGIVEN_AFTER_MS = 10 * 60_000;

export interface ObservedComponent {
  readonly name: string;
  /** Of the process that runs; undefined where none does. */
  readonly pid: number | undefined;
  readonly ready: boolean;
}

interface Record {
  pid: number;
  sinceMs: number;
  ready: boolean;
  wasReady: boolean;
}

/**
 * Which components to restart because they stay unready though their process lives.
 *
 * @param limitsMs how long each may be unready once it was ready; it is left alone where it has none
 */
export function createUnreadyRestarts(limitsMs: ReadonlyMap<string, number>) {
  const records = new Map<string, Record>();
  const restarts = new Map<string, number>();

  function isDue({ name, pid, ready }: ObservedComponent, nowMs: number): boolean {
    const limitMs = limitsMs.get(name);
    if (limitMs === undefined) return false;
    if (pid === undefined) {
      records.delete(name);
      return false;
    }
    const before = records.get(name);
    const record = before?.pid === pid ? before : { pid, sinceMs: nowMs, ready, wasReady: ready };
    records.set(name, record);
    if (record.ready !== ready) Object.assign(record, { ready, sinceMs: nowMs });
    const lastedMs = nowMs - record.sinceMs;
    if (ready) {
      record.wasReady = true;
      if (lastedMs >= FORGIVEN_AFTER_MS) restarts.delete(name);
      return false;
    }
    const tries = restarts.get(name) ?? 0;
    const factor =
      Math.min(MAX_BACKOFF_FACTOR, 2 ** tries) * (record.wasReady ? 1 : FACTOR_BEFORE_FIRST_READY);
    if (lastedMs < limitMs * factor) return false;
    restarts.set(name, tries + 1);
    records.delete(name);
    return true;
  }

  return {
    /** @param nowMs of a clock that only goes forward */
    due: (observed: readonly ObservedComponent[], nowMs: number): readonly string[] =>
      observed.filter((each) => isDue(each, nowMs)).map(({ name }) => name),
  };
}
