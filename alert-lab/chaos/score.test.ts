import { describe, expect, it } from 'vitest';
import { scoreExperiment } from './score.ts';
import {
  alertAt,
  BEGAN_MS,
  fault,
  incident,
  played,
  rankingAt,
  record,
  root,
} from './testing/made-records.ts';

const faults = new Map([
  ['down', fault('down')],
  [
    'leak',
    fault('leak', {
      truth: { service: ['storefront'], cause: ['instance'], instance: 'fulfillment-4' },
      expect: { alerts: [{ rule: 'memory' }], mayHeal: true },
      healed: { query: 'x', is: '== 0' },
    }),
  ],
]);
const score = (...more: Parameters<typeof record>) => scoreExperiment(record(...more), faults).faults[0]!;

describe('a fault of which all came about as it should', () => {
  it('is detected in time, notified once, one incident, with the root right and a draft that names it', () => {
    expect(score()).toEqual({
      experiment: 1,
      fault: 'down',
      ended: 'healed',
      place: 'alone',
      detectedSeconds: 20,
      isInTime: true,
      notifiedSeconds: 40,
      incidents: 1,
      hasIncident: true,
      alerts: 1,
      notifications: 1,
      firstRoot: { isFirst: true, isInThree: true, isWhole: true, confidence: 0.9 },
      lastRoot: { isFirst: true, isInThree: true, isWhole: true, confidence: 0.9 },
      isRootInPostmortem: true,
      acted: ['restart'],
      wrongActs: [],
      mayHeal: false,
      healedSeconds: 90,
    });
  });
});

describe('detection', () => {
  it('is by an alert that the file names, not by any', () => {
    const strange = {
      incidents: [incident({ alerts: [alertAt(20, { service: 'loki' })] })],
      notifications: [],
    };
    expect(score(strange)).toMatchObject({
      detectedSeconds: null,
      isInTime: false,
      notifiedSeconds: null,
      hasIncident: false,
      // It opened all the same.
      incidents: 1,
    });
  });

  it('is not by an alert from before', () => {
    expect(
      score({ incidents: [incident({ alerts: [alertAt(-5)] })], notifications: [] }).detectedSeconds,
    ).toBeNull();
  });

  it('counts from when the platform had an alert, also of one that is dated back to before the fault', () => {
    const datedBack = { ...alertAt(45), startsAtMs: BEGAN_MS - 20_000 };
    const { detectedSeconds } = score({ incidents: [incident({ alerts: [datedBack] })], notifications: [] });
    expect(detectedSeconds).toBe(45);
    const older = { ...datedBack, startsAtMs: BEGAN_MS - 300_000 };
    expect(score({ incidents: [incident({ alerts: [older] })], notifications: [] })).toMatchObject({
      detectedSeconds: null,
    });
  });

  it('is too late after what its file allows', () => {
    expect(score({ incidents: [incident({ alerts: [alertAt(61)] })], notifications: [] })).toMatchObject({
      detectedSeconds: 61,
      isInTime: false,
    });
  });

  it('can be by a notification alone, or by what else noticed it', () => {
    expect(score({ incidents: [] }).detectedSeconds).toBe(20);
    const noticed = played({ noticedMs: BEGAN_MS + 7000 });
    expect(score({ incidents: [], notifications: [], played: [noticed] }).detectedSeconds).toBe(7);
  });
});

describe('what people get', () => {
  it('is counted by pages and tickets that tell of something that fires', () => {
    const at = (receiver: string, ...alerts: ReturnType<typeof alertAt>[]) => ({
      atMs: BEGAN_MS + 50_000,
      receiver,
      alerts,
    });
    const notifications = [
      at('page', alertAt(1)),
      at('ticket', alertAt(1, { service: 'loki' })),
      at('info', alertAt(1)),
      at('ticket'),
    ];
    expect(score({ notifications }).notifications).toBe(2);
  });

  it('is more than one incident, where more opened', () => {
    const second = incident({ id: 2, alerts: [alertAt(30, { service: 'loki' })] });
    expect(score({ incidents: [incident(), second] })).toMatchObject({ incidents: 2, hasIncident: true });
  });
});

describe('the root', () => {
  const ranked = (...rankings: ReturnType<typeof rankingAt>[]) =>
    score({ incidents: [incident({ rankings })] });

  it('is judged as it was first told and as it was last', () => {
    const { firstRoot, lastRoot } = ranked(
      rankingAt(30, root('storefront', 0.6), root('identity', 0.3)),
      rankingAt(60, root('identity', 0.8)),
    );
    expect(firstRoot).toEqual({ isFirst: false, isInThree: true, isWhole: false, confidence: 0.6 });
    expect(lastRoot).toMatchObject({ isFirst: true, confidence: 0.8 });
  });

  it('that is not among the first three is wrong; none at all is not judged', () => {
    expect(ranked(rankingAt(30, root('a'), root('b'), root('c'))).lastRoot).toMatchObject({
      isFirst: false,
      isInThree: false,
    });
    expect(ranked()).toMatchObject({ firstRoot: null, lastRoot: null });
  });

  it('is whole with the right trigger, and with the instance where one is to blame', () => {
    expect(ranked(rankingAt(30, root('identity', 0.9, { cause: 'deploy' }))).lastRoot).toMatchObject({
      isFirst: true,
      isWhole: false,
    });
    const leaking = (instance: string | null) =>
      scoreExperiment(
        record({
          played: [played({ fault: 'leak' })],
          incidents: [
            incident({
              alerts: [alertAt(20, { rule: 'memory' })],
              rankings: [rankingAt(30, root('storefront', 0.9, { instance }))],
              postmortem: 'Instance fulfillment-40 of storefront leaks.',
            }),
          ],
        }),
        faults,
      ).faults[0]!;
    expect(leaking('fulfillment-4').lastRoot?.isWhole).toBe(true);
    expect(leaking(null).lastRoot?.isWhole).toBe(false);
    // The draft names another.
    expect(leaking(null).isRootInPostmortem).toBe(false);
  });

  it('in the draft is not judged where none was written', () => {
    expect(score({ incidents: [incident({ postmortem: null })] }).isRootInPostmortem).toBeNull();
    expect(score({ incidents: [incident({ postmortem: 'TODO' })] }).isRootInPostmortem).toBe(false);
  });
});

describe('acts', () => {
  it('that the file does not name are wrong; what never began is no act', () => {
    const run = (action: string, startedMs: number | null) => ({
      action,
      state: 'x',
      incidentId: 1,
      startedMs,
    });
    expect(
      score({ actions: [run('shed', BEGAN_MS + 1), run('restart', null), run('early', BEGAN_MS - 1)] }),
    ).toMatchObject({ acted: ['shed'], wrongActs: ['shed'] });
  });
});

describe('two faults one after the other', () => {
  const LATER = 400;
  const second = played({
    fault: 'leak',
    beganMs: BEGAN_MS + LATER * 1000,
    endedMs: BEGAN_MS + 700_000,
    healedMs: null,
  });
  const both = (more: object = {}) =>
    scoreExperiment(
      record({
        experiment: {
          number: 1,
          faults: ['down', 'leak'],
          herring: null,
          herringLeadSeconds: 0,
          quietSeconds: 60,
        },
        played: [played(), second],
        ...more,
      }),
      faults,
    ).faults;

  it('are scored each by what began since, and an act that helps the first is not wrong during the second', () => {
    const late = incident({
      id: 2,
      openedMs: BEGAN_MS + (LATER + 30) * 1000,
      alerts: [alertAt(LATER + 20, { rule: 'memory' })],
      rankings: [rankingAt(LATER + 40, root('storefront'))],
    });
    const actions = [{ action: 'restart', state: 'succeeded', incidentId: 1, startedMs: second.beganMs + 1 }];
    expect(both({ incidents: [incident(), late], actions })).toMatchObject([
      { place: 'first-of-two', detectedSeconds: 20, incidents: 1, acted: [] },
      {
        place: 'second-of-two',
        detectedSeconds: 20,
        incidents: 1,
        acted: ['restart'],
        wrongActs: [],
        healedSeconds: null,
      },
    ]);
  });

  it('can share an incident: then the second has one, but none that opened, and its root is what was told since', () => {
    const shared = incident({
      alerts: [alertAt(20), alertAt(LATER + 10, { rule: 'memory' })],
      rankings: [rankingAt(30, root('identity')), rankingAt(LATER + 30, root('storefront'))],
    });
    expect(both({ incidents: [shared] })).toMatchObject([
      { incidents: 1, alerts: 1, lastRoot: { isFirst: true } },
      { incidents: 0, hasIncident: true, alerts: 1, firstRoot: { isFirst: true } },
    ]);
  });
});

it('an experiment tells what was false while it was quiet, and whether it calmed down', () => {
  expect(
    scoreExperiment(record({ quiet: { seconds: 70, incidents: 2 }, calmAfterSeconds: null }), faults),
  ).toMatchObject({ quietSeconds: 70, falseIncidents: 2, isCalm: false });
});

it('a fault whose file is gone cannot be scored', () => {
  expect(() => scoreExperiment(record(), new Map())).toThrow('experiment 1: no fault down');
});
