import * as units from '@grafana/grafana-foundation-sdk/units';

const KNOWN: ReadonlySet<unknown> = new Set(Object.values(units));

/** Whether Grafana knows the unit; one of one's own begins with `suffix:`, `prefix:` or `time:`. */
export const isUnit = (unit: string): boolean => KNOWN.has(unit) || /^(suffix|prefix|time):./.test(unit);
