/** A graph of one watched series: what came, what the detector expected, and its band; or a plain line. */
export interface Graph {
  readonly title: string;
  /** Unix seconds, equally spaced. */
  readonly timestamps: readonly number[];
  readonly value: readonly (number | null)[];
  /** Absent where nothing was expected of the series. */
  readonly band?: {
    readonly expected: readonly (number | null)[];
    readonly lower: readonly (number | null)[];
    readonly upper: readonly (number | null)[];
  };
  /** Further lines in the same unit. */
  readonly lines?: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** What `value` is called where there are further lines, or a band that nobody would expect. */
  readonly name?: string;
  /** Where something is crossed: drawn across, and named. */
  readonly limit?: { readonly name: string; readonly at: number };
  /** Where Grafana shows more of it. */
  readonly link?: string | undefined;
  /** What the graph shows, for who cannot see it. */
  readonly summary: string;
}

export interface IncidentGraphs {
  readonly graphs: readonly Graph[];
  /** Unix seconds: the span to mark; `to` is null while the incident lasts. null: there is none to mark. */
  readonly incident: { readonly from: number; readonly to: number | null } | null;
}

/** `value` with three significant digits, as people read it. */
function figure(value: number): string {
  if (value !== 0 && (Math.abs(value) < 0.001 || Math.abs(value) >= 100_000)) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

const lastOf = (values: readonly (number | null)[]) =>
  values.findLast((value) => value !== null) ?? undefined;

export function summaryOf({ value, band }: Omit<Graph, 'summary'>): string {
  const latest = lastOf(value);
  if (latest === undefined) return 'No value in this time.';
  const numbers = value.filter((each) => each !== null);
  const range = `between ${figure(Math.min(...numbers))} and ${figure(Math.max(...numbers))} in this time`;
  const [expected, lower, upper] = [band?.expected, band?.lower, band?.upper].map(
    (values) => values && lastOf(values),
  );
  if (band === undefined || expected === undefined || lower === undefined || upper === undefined)
    return `Latest ${figure(latest)}; ${range}.`;
  const outside = value.filter((each, index) => {
    const [low, high] = [band.lower[index], band.upper[index]];
    return each !== null && low != null && high != null && (each < low || each > high);
  }).length;
  return `Latest ${figure(latest)}, expected ${figure(expected)} (${figure(lower)} to ${figure(upper)}); outside the band ${Math.round((outside / numbers.length) * 100)} % of this time, ${range}.`;
}
