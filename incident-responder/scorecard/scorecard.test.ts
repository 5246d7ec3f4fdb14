import { expect, it } from 'vitest';
import type { ScoredIncident } from '../incidents/incident-store.ts';
import type { ActionRun } from '../remediation/action.ts';
import { scorecard } from './scorecard.ts';

const MINUTE_MS = 60_000;
let id = 0;
const incident = (minutes: number, more: Partial<ScoredIncident> = {}): ScoredIncident => {
  id += 1;
  return {
    id,
    severity: 'SEV2',
    startedAtMs: 0,
    detectedAtMs: MINUTE_MS,
    acknowledgedAtMs: 2 * MINUTE_MS,
    acknowledgedBy: 'Ada',
    mitigatedAtMs: minutes * MINUTE_MS,
    resolvedAtMs: minutes * MINUTE_MS,
    alertCount: 3,
    hasPostmortem: true,
    verdict: null,
    source: null,
    confidence: null,
    ...more,
  };
};
const run = (incidentId: number, more: Partial<ActionRun>): ActionRun => ({
  id: 1,
  incidentId,
  action: 'any',
  title: '',
  class: 'SAFE',
  mode: 'live',
  state: 'succeeded',
  reason: '',
  confidence: 1,
  parameters: {},
  command: '',
  verification: { query: '', outcome: null },
  approvals: [],
  createdAtMs: 0,
  dueAtMs: null,
  startedAtMs: 1,
  endedAtMs: 2,
  ...more,
});
const of = (incidents: ScoredIncident[], runs: ActionRun[] = []) => scorecard({ incidents, runs, told: [] });

it('says the median and the 90th percentile of each stage, of the incidents that came so far', () => {
  const open = incident(0, { mitigatedAtMs: null, resolvedAtMs: null });
  const { times, incidents, postmortems } = of([incident(10), incident(20), incident(60), open]);
  expect(times.detect).toMatchObject({ incidents: 4, medianSeconds: 60, targetSeconds: 120 });
  expect(times.resolve).toMatchObject({ incidents: 3, medianSeconds: 1200 });
  expect(times.resolve.p90Seconds).toBeCloseTo(20 * 60 + 0.8 * 40 * 60);
  expect(incidents).toEqual({ opened: 4, resolved: 3, alertsEach: 3 });
  expect(postmortems).toEqual({ written: 3, ofResolved: 3 });
});

it('says how many judged roots were right, and whether what was claimed of them was', () => {
  const judged = (
    verdict: ScoredIncident['verdict'],
    confidence: number | null,
    source = 'people' as const,
  ) => incident(10, { verdict, confidence, source });
  const { roots, falseAlarms } = of([
    ...[judged('right', 0.9), judged('right', 0.8), judged('wrong', 0.85), judged('right', 0.3)],
    ...[judged('false-alarm', null), incident(10, { confidence: 0.9 })],
  ]);
  expect(roots).toMatchObject({ judged: 4, right: 3, accuracy: 0.75, judgedBy: { people: 4, drill: 0 } });
  expect(roots.calibration.at(-1)).toEqual({ from: 0.8, judged: 3, claimed: expect.closeTo(0.85), right: 2 });
  expect(roots.calibration[1]).toEqual({ from: 0.2, judged: 1, claimed: 0.3, right: 1 });
  expect(roots.calibration[0]).toEqual({ from: 0, judged: 0, claimed: null, right: 0 });
  expect(falseAlarms).toBe(1);
});

it('counts as healed by itself what an action ended before anybody took it on or approved it', () => {
  const [alone, taken, approved] = [
    incident(5, { acknowledgedBy: 'responder' }),
    incident(5),
    incident(5, { acknowledgedBy: 'responder' }),
  ];
  const approvals = [{ decision: 'approved' as const, by: 'Ada', atMs: 1, note: '' }];
  const { autoHealed, actions } = of(
    [alone, taken, approved, incident(5, { acknowledgedBy: null })],
    [
      run(alone.id, { judged: { verdict: 'right', by: 'Ada', source: 'people', atMs: 3 } }),
      run(taken.id, {}),
      run(approved.id, { approvals }),
      run(taken.id, {
        state: 'rolled-back',
        judged: { verdict: 'wrong', by: 'drill', source: 'drill', atMs: 3 },
      }),
    ],
  );
  expect(autoHealed).toBe(1);
  expect(actions).toEqual({ begun: 4, succeeded: 3, takenBack: 1, judgedRight: 1, judgedWrong: 1 });
});

it('has nothing to say where nothing happened', () => {
  const { times, roots, incidents } = of([]);
  expect(times.resolve).toMatchObject({ incidents: 0, medianSeconds: null, p90Seconds: null });
  expect(roots.accuracy).toBeNull();
  expect(incidents.alertsEach).toBeNull();
});
