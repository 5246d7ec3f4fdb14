/** A change of a time zone's offset from UTC. */
interface OffsetChange {
  readonly atSeconds: number;
  /** Difference of the offset after it to the offset before it. */
  readonly bySeconds: number;
}

export interface TimeZoneOffsets {
  /** At {@link FIRST_YEAR}. */
  readonly firstSeconds: number;
  readonly changes: readonly OffsetChange[];
}

/** Fixed, so that the same definition gives the same rules in every year. */
const FIRST_YEAR = 2024;
const LAST_YEAR = 2039;
const DAY_MS = 86_400_000;

/** Whether the platform knows such an IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Offsets from UTC from 2024 to 2039 by the rules that are known now. */
export function timeZoneOffsets(name: string): TimeZoneOffsets {
  const offsetAt = offsetReader(name);
  const end = Date.UTC(LAST_YEAR + 1, 0, 1);
  let before = Date.UTC(FIRST_YEAR, 0, 1);
  const changes: OffsetChange[] = [];
  for (let after = before + DAY_MS; after <= end; before = after, after += DAY_MS) {
    const [from, to] = [offsetAt(before), offsetAt(after)];
    if (from === to) continue;
    let [low, high] = [before, after];
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 120_000) * 60_000;
      if (offsetAt(middle) === from) low = middle;
      else high = middle;
    }
    changes.push({ atSeconds: high / 1000, bySeconds: to - from });
  }
  return { firstSeconds: offsetAt(Date.UTC(FIRST_YEAR, 0, 1)), changes };
}

function offsetReader(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (atMs) => {
    const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign, hours = '0', minutes = '0'] = /([+-])(\d{2}):?(\d{2})?/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  };
}
