import { describe, expect, it } from 'vitest';
import type { RunningStack } from '../drill/running-stack.ts';
import type { Experiment } from './experiment-record.ts';
import { type Pace, playExperiment } from './play-experiment.ts';
import { fault } from './testing/made-records.ts';

const QUICK: Pace = {
  askEveryMs: 5,
  healedForMs: 20,
  afterToldMs: 20,
  betweenMs: 10,
  calmTimeoutMs: 2000,
  guardMs: 60_000,
};
const HARM = 'harm';
const hurting = { healed: { query: HARM, is: '== 0' } };

/** A stack where `identity` stopped is one alert of it, in one incident, until it runs again. */
function brokenStack({ tells = true, heals = false, failing = 0 } = {}) {
  const journal: string[] = [];
  let downSinceMs: number | undefined;
  let incident: { detectedAt: string; startsAt: string } | undefined;
  const isResolved = () => downSinceMs === undefined;
  const stack = {
    supervisor: {
      async act(name: string, action: string) {
        journal.push(`${action} ${name}`);
        downSinceMs = action === 'stop' ? Date.now() : undefined;
        if (action === 'stop' && tells) {
          const now = new Date(Date.now() + 1).toISOString();
          incident = { detectedAt: now, startsAt: now };
        }
        if (heals) setTimeout(() => (downSinceMs = undefined), 60);
      },
      processes: async () => [],
    },
    setFlag: (flag: string, variant: string) => {
      journal.push(`${flag} ${variant}`);
      return 'before';
    },
    prometheus: {
      async query() {
        return [{ labels: { slo: 'availability' }, value: journal.length === 0 ? 0.9 : 0.8 }];
      },
      async value(query: string) {
        if (query === HARM) return downSinceMs === undefined ? 0 : 1;
        return query.includes('5xx') ? failing : 0;
      },
    },
    incidents: async () =>
      incident
        ? [
            // Something else keeps the machine busy.
            { id: 5, detectedAt: incident.detectedAt, status: 'open', services: ['host'] },
            {
              id: 4,
              detectedAt: incident.detectedAt,
              status: isResolved() ? 'resolved' : 'open',
              services: ['identity'],
            },
          ]
        : [],
    incident: async () => ({
      id: 4,
      detectedAt: incident!.detectedAt,
      status: isResolved() ? 'resolved' : 'open',
      alerts: [{ status: 'firing', startsAt: incident!.startsAt, labels: { service: 'identity' } }],
      hypotheses: [{ cause: 'instance', service: 'identity', instance: null, summary: '', confidence: 0.9 }],
    }),
    actionRuns: async () => [{ id: 1, action: 'restart', state: 'succeeded', startedAt: null }],
    postmortem: async () => '# Postmortem\n\n## Summary\n\nidentity fell.\n\n## Impact\n\nnone',
    judge: async (what: string, id: number, verdict: string) => void journal.push(`${what} ${id} ${verdict}`),
    notifications: async () => [],
  };
  return { stack: stack as unknown as RunningStack, journal };
}

const EXPERIMENT: Experiment = {
  number: 1,
  faults: ['down'],
  herring: null,
  herringLeadSeconds: 0,
  quietSeconds: 0,
};

function play(
  { stack }: { readonly stack: RunningStack },
  options: {
    readonly more?: object;
    readonly experiment?: Partial<Experiment>;
    readonly signal?: AbortSignal;
    readonly pace?: Partial<Pace>;
  } = {},
) {
  const faults = [
    fault('down', options.more),
    fault('gone', options.more),
    { ...fault('flip', { begin: [{ setFlags: { colour: 'red' } }] }), kind: 'harmless' as const },
  ];
  return playExperiment({
    experiment: { ...EXPERIMENT, ...options.experiment },
    faults: new Map(faults.map((each) => [each.name, each])),
    stack,
    onProgress: () => {},
    signal: options.signal ?? new AbortController().signal,
    pace: { ...QUICK, ...options.pace },
  });
}

describe('an experiment', () => {
  it('with nothing to heal it is over once it was told of for a while; all is put back, and what was told is kept', async () => {
    const broken = brokenStack();
    const { played, incidents, actions, budgetSpent, problems, calmAfterSeconds } = await play(broken);
    // And the responder is told whether it was right.
    expect(broken.journal).toEqual(['stop identity', 'start identity', 'incidents 4 right']);
    expect(played).toMatchObject([{ fault: 'down', ended: 'told', hurt: null, healedMs: null }]);
    expect(incidents).toMatchObject([
      {
        id: 4,
        status: 'resolved',
        postmortem: 'identity fell.',
        rankings: [{ roots: [{ service: 'identity' }] }],
      },
    ]);
    expect(actions).toMatchObject([{ action: 'restart', startedMs: null }]);
    expect(budgetSpent.availability).toBeCloseTo(0.1);
    expect({ problems, calmAfterSeconds }).toEqual({ problems: [], calmAfterSeconds: 0 });
  });

  it('is healed when the harm ended by itself, and stayed away', async () => {
    const { played } = await play(brokenStack({ heals: true }), {
      more: { ...hurting, expect: { alerts: [{ service: 'identity' }], mayHeal: true } },
    });
    expect(played[0]).toMatchObject({ ended: 'healed', hurt: true });
    expect(played[0]!.healedMs!).toBeGreaterThanOrEqual(played[0]!.beganMs + 40);
    expect(played[0]!.endedMs - played[0]!.healedMs!).toBeGreaterThanOrEqual(20);
  });

  it('ends at its limit when nobody tells of it', async () => {
    const { played, incidents } = await play(brokenStack({ tells: false }), {
      more: { ...hurting, limit: '1s', expect: { alerts: [{ service: 'identity' }] } },
    });
    expect(played).toMatchObject([{ ended: 'limit', hurt: true, healedMs: null }]);
    expect(incidents).toEqual([]);
  });

  it('ends when too many requests fail for too long', async () => {
    const { played } = await play(brokenStack({ tells: false, failing: 0.6 }), { pace: { guardMs: 50 } });
    expect(played).toMatchObject([{ ended: 'guard' }]);
  });

  it('with something harmless beside it undoes that, too, after the fault', async () => {
    const broken = brokenStack();
    await play(broken, { experiment: { herring: 'flip' } });
    expect(broken.journal).toEqual([
      'colour red',
      'stop identity',
      'start identity',
      'colour before',
      'incidents 4 right',
    ]);
  });

  it('of two faults plays the second once the first is put back', async () => {
    const broken = brokenStack();
    const { played } = await play(broken, { experiment: { faults: ['down', 'gone'] } });
    expect(played.map(({ fault: name }) => name)).toEqual(['down', 'gone']);
    expect(broken.journal).toEqual(['stop identity', 'start identity', 'stop identity', 'start identity']);
    expect(played[1]!.beganMs).toBeGreaterThanOrEqual(played[0]!.endedMs + 10);
  });

  it('that is interrupted puts everything back', async () => {
    const broken = brokenStack({ tells: false });
    const interrupt = new AbortController();
    const playing = play(broken, { signal: interrupt.signal });
    setTimeout(() => interrupt.abort(new Error('interrupted')), 60);
    await expect(playing).rejects.toThrow();
    expect(broken.journal).toEqual(['stop identity', 'start identity']);
  });

  it('that cannot begin says why', async () => {
    const { problems } = await play(brokenStack(), {
      more: { begin: [{ kill: ['identity'] }], limit: '1s' },
    });
    expect(problems[0]).toBe('down did not begin: identity does not run');
  });
});
