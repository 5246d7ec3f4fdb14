import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scoreExperiment } from '../chaos/score.ts';
import {
  alertAt,
  BEGAN_MS,
  fault,
  incident,
  played,
  rankingAt,
  record,
  root,
} from '../chaos/testing/made-records.ts';
import { type ExperimentResult, failureOf, playShortProgramme, shortProgramme } from './short-programme.ts';

const repository = join(import.meta.dirname, '..', '..');
const faults = new Map([['down', fault('down')]]);
const failure = (more: Parameters<typeof record>[0] = {}) => failureOf(scoreExperiment(record(more), faults));

it('has each of its faults once, alone', () => {
  const { experiments } = shortProgramme(repository);
  expect(experiments.map((each) => each.faults).sort()).toEqual([
    ['failing-storefront'],
    ['storefront-killed'],
  ]);
  expect(experiments.every(({ herring }) => herring === null)).toBe(true);
});

it('keeps what was played when a later one is cut off, and says so', async () => {
  const results: ExperimentResult[] = [];
  const cutOff = playShortProgramme({
    root: repository,
    environment: {},
    onProgress: () => {},
    onResult: (result) => void results.push(result),
    signal: new AbortController().signal,
    play: async ({ onRecord }) => {
      onRecord(record({ played: [played({ fault: 'storefront-killed' })] }));
      return ['experiment 2: interrupted'];
    },
  });
  await expect(cutOff).rejects.toThrow('experiment 2: interrupted');
  expect(results).toMatchObject([{ name: 'chaos storefront-killed' }]);
});

describe('an experiment', () => {
  it('of which all is right has no failure', () => {
    expect(failure()).toBeUndefined();
  });

  it.each<[string, Parameters<typeof record>[0]]>([
    ['stuck', { problems: ['stuck'] }],
    ['2 incidents before it began', { quiet: { seconds: 60, incidents: 2 } }],
    ['detected after no s', { incidents: [], notifications: [] }],
    ['detected after 61 s', { incidents: [incident({ alerts: [alertAt(61)] })], notifications: [] }],
    ['another root', { incidents: [incident({ rankings: [rankingAt(30, root('loki'))] })] }],
    ['shed acted', { actions: [{ action: 'shed', state: 'x', incidentId: 1, startedMs: BEGAN_MS + 1 }] }],
    ['incidents stay open', { calmAfterSeconds: null }],
  ])('fails by name: %s', (text, more) => {
    expect(failure(more)).toBe(text);
  });

  it('that may heal and did not fails', () => {
    const healable = fault('down', {
      expect: { alerts: [{ service: 'identity' }], mayHeal: true, actions: ['restart'] },
      healed: { query: 'x', is: '== 0' },
    });
    const score = scoreExperiment(
      record({ played: [played({ healedMs: null })] }),
      new Map([['down', healable]]),
    );
    expect(failureOf(score)).toBe('not healed');
  });
});
