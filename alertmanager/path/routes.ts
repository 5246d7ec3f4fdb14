import type { Route } from './configuration.ts';
import { asText, type Labels, type Matcher, matches } from './matchers.ts';

/** Where an alert ends up, with all that the routes on the way to it have said. */
export interface Destination {
  readonly receiver: string;
  /** Matchers of each route from the top; the top itself has none. */
  readonly path: readonly string[];
  readonly groupBy: readonly string[];
  readonly groupWait: string;
  readonly groupInterval: string;
  readonly repeatInterval: string;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
}

/** Alertmanager's own. */
const DEFAULTS: Destination = {
  receiver: '',
  path: [],
  groupBy: [],
  groupWait: '30s',
  groupInterval: '5m',
  repeatInterval: '4h',
  muteTimeIntervals: [],
  activeTimeIntervals: [],
};

/**
 * The destinations of an alert: the first child route that matches, and the next ones too while they say `continue`; the
 * route itself if no child matches.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#route
 */
export function destinationsOf(labels: Labels, top: Route): readonly Destination[] {
  return follow(labels, top, DEFAULTS) ?? [];
}

/** Every route of the tree, as what it would do with an alert, and the matchers that lead there. */
export function allDestinations(
  route: Route,
  inherited: Destination = DEFAULTS,
  matchers: readonly Matcher[] = [],
): readonly { readonly destination: Destination; readonly matchers: readonly Matcher[] }[] {
  const destination = inherit(route, inherited);
  const all = [...matchers, ...matchersOf(route)];
  return [
    { destination, matchers: all },
    ...route.routes.flatMap((child) => allDestinations(child, destination, all)),
  ];
}

function follow(labels: Labels, route: Route, inherited: Destination): Destination[] | undefined {
  if (!matchersOf(route).every((matcher) => matches(labels, matcher))) return undefined;
  const own = inherit(route, inherited);
  const found: Destination[] = [];
  for (const child of route.routes) {
    const below = follow(labels, child, own);
    if (below === undefined) continue;
    found.push(...below);
    if (!child.continue) break;
  }
  return found.length > 0 ? found : [own];
}

function matchersOf({ matchers, match, match_re }: Route): readonly Matcher[] {
  const old = (pairs: Labels, operator: '=' | '=~') =>
    Object.entries(pairs).map(([name, value]) => ({ name, operator, value }));
  return [...matchers, ...old(match, '='), ...old(match_re, '=~')];
}

function inherit(route: Route, from: Destination): Destination {
  const matchers = matchersOf(route);
  return {
    receiver: route.receiver ?? from.receiver,
    path: matchers.length === 0 ? from.path : [...from.path, matchers.map(asText).join(', ')],
    groupBy: route.group_by ?? from.groupBy,
    groupWait: route.group_wait ?? from.groupWait,
    groupInterval: route.group_interval ?? from.groupInterval,
    repeatInterval: route.repeat_interval ?? from.repeatInterval,
    muteTimeIntervals: route.mute_time_intervals ?? [],
    activeTimeIntervals: route.active_time_intervals ?? [],
  };
}
