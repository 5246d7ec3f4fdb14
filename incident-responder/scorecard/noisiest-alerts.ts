import type { ToldAlert } from '../store/notification-store.ts';
import { quantile } from './quantile.ts';

/** A change of a rule or a route, and what it would have spared people of what was told. */
interface WhatIf {
  /** `for`: the alert waits so much longer. `group`: what begins within so long comes as one notification. */
  readonly change: 'for' | 'group';
  readonly bySeconds: number;
  readonly notificationsSaved: number;
}

export interface NoisyAlert {
  readonly alertname: string;
  readonly service: string;
  readonly severity: string;
  /** Times that it fired. */
  readonly episodes: number;
  /** That told of it firing; one may have told of several. */
  readonly notifications: number;
  /** null while none ended. */
  readonly medianSeconds: number | null;
  /** What would have saved a third at least, the smallest of a kind. */
  readonly whatIf: readonly WhatIf[];
}

const SHOWN = 8;
const ALWAYS_FIRES = 'Watchdog';
const STEPS_SECONDS = [60, 300, 900] as const;
const WORTH_IT = 1 / 3;

/** The alerts that told people most often, most often first. */
export function noisiestAlerts(told: readonly ToldAlert[]): readonly NoisyAlert[] {
  const loud = told.filter(({ alertname, severity }) => alertname !== ALWAYS_FIRES && severity !== 'info');
  return [...Map.groupBy(loud, ({ alertname, service }) => JSON.stringify([alertname, service]))]
    .map(([, alerts]) => noisyAlert(alerts))
    .filter(({ notifications }) => notifications > 0)
    .toSorted((one, other) => other.notifications - one.notifications || other.episodes - one.episodes)
    .slice(0, SHOWN);
}

function noisyAlert(alerts: readonly ToldAlert[]): NoisyAlert {
  const [{ alertname, service, severity }] = alerts as [ToldAlert];
  const episodes = [
    ...Map.groupBy(alerts, ({ fingerprint, startsAtMs }) => `${fingerprint} ${startsAtMs}`).values(),
  ];
  const secondsOf = (episode: readonly ToldAlert[]) => {
    const end = episode.findLast(({ status }) => status === 'resolved')?.endsAtMs;
    return end == null ? undefined : (end - episode[0]!.startsAtMs) / 1000;
  };
  const notifications = new Set(firing(alerts).map(({ notificationId }) => notificationId)).size;
  /** What is left where episodes that ended sooner had not fired. */
  const withFor = (seconds: number) =>
    new Set(
      episodes
        .filter((episode) => (secondsOf(episode) ?? Number.POSITIVE_INFINITY) > seconds)
        .flatMap((episode) => firing(episode).map(({ notificationId }) => notificationId)),
    ).size;
  return {
    alertname,
    service: service ?? 'none',
    severity: severity ?? 'none',
    episodes: episodes.length,
    notifications,
    medianSeconds:
      quantile(
        episodes.flatMap((each) => secondsOf(each) ?? []),
        0.5,
      ) ?? null,
    whatIf: [
      ...smallestWorthIt('for', notifications, withFor),
      ...smallestWorthIt('group', notifications, (seconds) => grouped(firing(alerts), seconds)),
    ],
  };
}

const firing = (alerts: readonly ToldAlert[]) => alerts.filter(({ status }) => status === 'firing');

/** Notifications, where each receiver is told at most once in so many seconds. */
function grouped(alerts: readonly ToldAlert[], seconds: number): number {
  let count = 0;
  for (const told of Map.groupBy(alerts, ({ receiver }) => receiver).values()) {
    let lastMs = Number.NEGATIVE_INFINITY;
    for (const { receivedAtMs } of told)
      if (receivedAtMs - lastMs > seconds * 1000) {
        count += 1;
        lastMs = receivedAtMs;
      }
  }
  return count;
}

function smallestWorthIt(change: WhatIf['change'], now: number, left: (seconds: number) => number): WhatIf[] {
  const bySeconds = STEPS_SECONDS.find((seconds) => now - left(seconds) >= Math.max(2, now * WORTH_IT));
  return bySeconds === undefined ? [] : [{ change, bySeconds, notificationsSaved: now - left(bySeconds) }];
}
