import { oneLine } from '@aiops-sre/service-kit/terminal/visible-text.ts';
import type { Configuration } from './configuration.ts';
import { channelsOf } from './drill.ts';
import type { Silence } from './live-alertmanager.ts';
import { asText, type Labels, matches } from './matchers.ts';
import { type Destination, destinationsOf } from './routes.ts';

/** What is in force now; undefined where no Alertmanager answers. */
export interface Now {
  readonly silences: readonly Silence[];
  readonly firing: readonly Labels[];
}

/** The way of an alert with these labels, in lines for people. */
export function explain(
  labels: Labels,
  configuration: Configuration,
  now: Now | undefined,
): readonly string[] {
  const lines = [
    ...destinationsOf(labels, configuration.route).flatMap((destination) =>
      wayTo(destination, labels, configuration),
    ),
    ...inhibition(labels, configuration, now),
    ...silencing(labels, now),
  ];
  return lines.map(oneLine);
}

function wayTo(destination: Destination, labels: Labels, configuration: Configuration): string[] {
  const { receiver, path, groupBy, groupWait, groupInterval, repeatInterval } = destination;
  const channels = channelsOf(receiver, configuration);
  // A label that the alert does not have is not in its group's key.
  const known = groupBy.filter((name) => labels[name]);
  const group = groupBy.includes('...')
    ? 'by all labels'
    : known.length === 0
      ? 'all alerts of this route together'
      : known.map((name) => `${name}=${JSON.stringify(labels[name])}`).join(', ');
  const times = [
    ...destination.muteTimeIntervals.map((name) => `muted during ${name}`),
    ...destination.activeTimeIntervals.map((name) => `active during ${name} only`),
  ];
  return [
    `route       ${path.length === 0 ? 'the top one: no other matches' : path.join('  >  ')}`,
    `receiver    ${receiver}: ${channels.join(', ') || 'notifies nobody'}`,
    `group       ${group}`,
    `waits       ${groupWait} before the first notification of the group, ${groupInterval} before news of it, repeated every ${repeatInterval}`,
    ...(times.length === 0 ? [] : [`times       ${times.join(', ')}`]),
  ];
}

function inhibition(labels: Labels, { inhibit_rules }: Configuration, now: Now | undefined): string[] {
  const rules = inhibit_rules.filter(
    ({ target_matchers, source_matchers }) =>
      target_matchers.every((matcher) => matches(labels, matcher)) &&
      // An alert that is source and target of a rule is not held back by it.
      !source_matchers.every((matcher) => matches(labels, matcher)),
  );
  // What a source has to have as well can rule it out: `service!=""` beside equal: [service].
  const possible = rules.filter(({ source_matchers, equal }) =>
    source_matchers
      .filter(({ name }) => equal.includes(name))
      .every((matcher) => matches({ [matcher.name]: labels[matcher.name] ?? '' }, matcher)),
  );
  if (possible.length === 0) return ['held back   by nothing'];
  return possible.map(({ name, source_matchers, equal }) => {
    const same = equal
      .filter((label) => labels[label])
      .map((label) => `${label}=${JSON.stringify(labels[label] ?? '')}`);
    const by = now?.firing.find(
      (source) =>
        source_matchers.every((matcher) => matches(source, matcher)) &&
        equal.every((label) => (source[label] ?? '') === (labels[label] ?? '')),
    );
    const state = now === undefined ? '' : by === undefined ? ' (none does now)' : ` (NOW: ${by.alertname})`;
    const source = [
      ...source_matchers.filter((each) => !equal.includes(each.name)).map(asText),
      ...same,
    ].join(', ');
    return `held back   while an alert with ${source} fires${state}${name === undefined ? '' : ` [${name}]`}`;
  });
}

function silencing(labels: Labels, now: Now | undefined): string[] {
  if (now === undefined) return ['silences    not known: no Alertmanager answers'];
  const silencing = now.silences.filter(({ matchers }) =>
    matchers.every(({ name, value, isRegex, isEqual }) =>
      matches(labels, { name, value, operator: isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=' }),
    ),
  );
  if (silencing.length === 0) return ['silences    none'];
  return silencing.map(
    ({ id, endsAt, createdBy, comment }) => `SILENCED    until ${endsAt} by ${createdBy}: ${comment} (${id})`,
  );
}
