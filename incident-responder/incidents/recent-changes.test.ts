import { expect, it } from 'vitest';
import type { Change } from '../evidence/evidence.ts';
import { recentChanges } from './recent-changes.ts';

const flag = (from: string, to: string, atSeconds: number): Change => ({
  kind: 'flag',
  service: 'storefront',
  subject: 'canary-percent',
  from,
  to,
  atMs: atSeconds * 1000,
});

/** Of these changes, what they changed to, where an alert begins at 600 s. */
const triggers = (...changes: Change[]) =>
  recentChanges({ alerts: [{ alertname: 'Anomaly', startsAtMs: 600_000 }], evidence: { changes } }).map(
    ({ to }) => to,
  );

it('takes what changed within a quarter of an hour before an alert for its trigger', () => {
  expect(triggers(flag('none', 'ten', 500))).toEqual(['ten']);
  expect(triggers(flag('none', 'ten', -400))).toEqual([]);
  expect(triggers(flag('none', 'ten', 640))).toEqual([]);
});

it('does not suspect what was undone long before, in steps or at once, nor its undoing', () => {
  expect(triggers(flag('none', 'ten', 200), flag('ten', 'fifty', 300), flag('fifty', 'none', 400))).toEqual(
    [],
  );
  expect(triggers(flag('none', 'ten', 300), flag('ten', 'none', 400))).toEqual([]);
});

it('suspects what was undone just before, or after: alerts lag behind', () => {
  expect(triggers(flag('none', 'ten', 300), flag('ten', 'none', 550))).toEqual(['ten']);
  expect(triggers(flag('none', 'ten', 300), flag('ten', 'none', 700))).toEqual(['ten']);
});

it('suspects steps, and a return to what was long ago', () => {
  expect(triggers(flag('none', 'ten', 300), flag('ten', 'fifty', 400))).toEqual(['ten', 'fifty']);
  expect(triggers(flag('none', 'ten', -900), flag('ten', 'none', 500))).toEqual(['none']);
});
