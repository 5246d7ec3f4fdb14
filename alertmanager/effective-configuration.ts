import { parse, stringify } from 'yaml';

/** What one channel adds to a configuration: entries such as `slack_configs`, and the receivers that get them. */
export interface ReceiverFragment {
  readonly joins: readonly string[];
  readonly configs: Readonly<Record<string, readonly unknown[]>>;
}

interface Configuration {
  readonly receivers: readonly ({ readonly name: string } & Record<string, unknown>)[];
}

/**
 * The configuration Alertmanager runs with: `base` with the fragments' entries behind those its receivers have.
 * Without fragments it is `base` itself.
 *
 * @param base Text of alertmanager.yml.
 * @throws Error if a fragment joins a receiver that `base` does not have.
 */
export function effectiveConfiguration(base: string, fragments: readonly ReceiverFragment[]): string {
  if (fragments.length === 0) return base;
  const configuration: Configuration = parse(base, { merge: true });
  const names = configuration.receivers.map(({ name }) => name);
  for (const receiver of fragments.flatMap(({ joins }) => joins)) {
    if (names.includes(receiver)) continue;
    throw new Error(`joins: got ${receiver}, expected one of the receivers ${names.join(', ')}`);
  }
  const receivers = configuration.receivers.map((receiver) => {
    const joined: Record<string, unknown> = { ...receiver };
    for (const { joins, configs } of fragments) {
      if (!joins.includes(receiver.name)) continue;
      for (const [kind, entries] of Object.entries(configs)) {
        joined[kind] = [...((joined[kind] as unknown[] | undefined) ?? []), ...entries];
      }
    }
    return joined;
  });
  // Alertmanager's YAML parser knows anchors, but a person reads the result more easily without.
  return stringify({ ...configuration, receivers }, { aliasDuplicateObjects: false, lineWidth: 0 });
}
