import { expect, it } from 'vitest';
import type { ToldAlert } from '../store/notification-store.ts';
import { noisiestAlerts } from './noisiest-alerts.ts';

let notificationId = 0;
/** An alert that fires at that minute, for so many: told of at its begin and its end. */
function episode(atMinute: number, minutes: number, more: Partial<ToldAlert> = {}): ToldAlert[] {
  const fires: ToldAlert = {
    notificationId: notificationId++,
    receiver: 'page',
    receivedAtMs: atMinute * 60_000,
    alertname: 'Flapping',
    status: 'firing',
    fingerprint: 'a',
    startsAtMs: atMinute * 60_000,
    endsAtMs: null,
    service: 'shop',
    severity: 'page',
    ...more,
  };
  const endsAtMs = (atMinute + minutes) * 60_000;
  const ends = {
    notificationId: notificationId++,
    receivedAtMs: endsAtMs,
    status: 'resolved',
    endsAtMs,
  } as const;
  return [fires, { ...fires, ...ends }];
}
const inOrder = (told: ToldAlert[]) => told.toSorted((one, other) => one.receivedAtMs - other.receivedAtMs);

it('says how often an alert told people, for how long it fired, and what waiting longer would have saved', () => {
  const short = [0, 60, 120, 180].flatMap((minute) => episode(minute, 3));
  expect(noisiestAlerts(inOrder([...short, ...episode(240, 90)]))).toEqual([
    {
      alertname: 'Flapping',
      service: 'shop',
      severity: 'page',
      episodes: 5,
      notifications: 5,
      medianSeconds: 180,
      whatIf: [{ change: 'for', bySeconds: 300, notificationsSaved: 4 }],
    },
  ]);
});

it('says what one notification for what begins together would have saved', () => {
  const together = [0, 1, 2, 3].flatMap((minute) => episode(minute, 90, { fingerprint: `i${minute}` }));
  expect(noisiestAlerts(inOrder(together))[0]!.whatIf).toEqual([
    { change: 'group', bySeconds: 60, notificationsSaved: 2 },
  ]);
});

it('proposes nothing for an alert that fires seldom and long, or on still', () => {
  const [fires] = episode(0, 1);
  expect(noisiestAlerts([fires!])[0]).toMatchObject({ notifications: 1, medianSeconds: null, whatIf: [] });
  const apart = [0, 300].flatMap((minute) => episode(minute, 100));
  expect(noisiestAlerts(inOrder(apart))[0]!.whatIf).toEqual([]);
});

it('leaves out what tells nobody, and puts the loudest first', () => {
  const told = [
    ...episode(0, 5, { alertname: 'Watchdog' }),
    ...episode(0, 5, { severity: 'info', alertname: 'Context' }),
    ...episode(0, 50, { alertname: 'Once' }),
    ...episode(0, 50),
    ...episode(600, 50),
  ];
  expect(noisiestAlerts(inOrder(told)).map(({ alertname }) => alertname)).toEqual(['Flapping', 'Once']);
});
