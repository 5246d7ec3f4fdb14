/**
 * How far back panels look that Loki reads and parses each line for, some ten microseconds a line: over a day of traffic that
 * would be seconds. Grafana applies it to relative time ranges only; a range with dates stays what it is.
 */
export const LINE_BY_LINE = '1h';
