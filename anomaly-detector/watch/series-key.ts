export type Labels = Readonly<Record<string, string>>;

const MAX_LABEL_VALUE_LENGTH = 200;

/**
 * The labels by which a watched series is known: those kept by the rule, sorted, without the metric's name.
 * A label of the detector's own name is renamed as Prometheus does it, `exported_severity`. Long values are cut.
 */
export function keptLabels(
  labels: Labels,
  kept: readonly string[] | undefined,
  reserved: readonly string[],
): Labels {
  const names = Object.keys(labels)
    .filter((name) => name !== '__name__' && (kept === undefined || kept.includes(name)))
    .sort();
  const result: Record<string, string> = {};
  for (const name of names) {
    const value = labels[name]!;
    if (value === '') continue;
    result[reserved.includes(name) ? `exported_${name}` : name] = value.slice(0, MAX_LABEL_VALUE_LENGTH);
  }
  return result;
}

/** A string that is the same for the same labels in any process and differs for any others: `{a="1",b="x"}`. */
export function seriesKey(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;
}

/** A label value as the Prometheus text format wants it between quotes. */
export function escaped(value: string): string {
  return /["\\\n]/.test(value)
    ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    : value;
}
