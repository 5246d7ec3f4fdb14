import { STATE } from '@aiops-sre/conventions/queries/slo.ts';
import { expect, it } from 'vitest';
import { type BoardSlo, EMPTY_BOARD } from './board.ts';
import { verdictOf } from './verdict.ts';

const slo = (name: string, state: number = STATE.onTrack): BoardSlo => ({
  name,
  service: 'shop',
  state,
  objective: 0.99,
  budgetLeft: 1,
  burnRate: 0,
  exhaustionSeconds: null,
  budgetPast: [],
});
const known = { ...EMPTY_BOARD, atMs: 1, slos: [slo('a'), slo('b')] };
const incident = (severity: 'SEV1' | 'SEV2' | 'SEV3', status: 'open' | 'mitigated' = 'open') => ({
  title: `${severity} of shop`,
  severity,
  status,
});
const say = (
  board: Partial<typeof known>,
  unresolved: ReturnType<typeof incident>[] = [],
  silent = false,
): string => {
  const { tone, text } = verdictOf({ board: { ...known, ...board }, unresolved, watchdog: { silent } });
  return `${tone}: ${text}`;
};

it.each([
  ['all is well', say({}), 'good: Yes. All 2 SLOs keep their objectives, and no incident is open.'],
  [
    'one SLO',
    say({ slos: [slo('a')] }),
    'good: Yes. The one SLO keeps its objective, and no incident is open.',
  ],
  ['no SLO', say({ slos: [] }), 'good: Nothing is wrong that is watched, and there is no SLO yet.'],
  [
    'the gravest incident',
    say({}, [incident('SEV3'), incident('SEV1'), incident('SEV2')]),
    'bad: No. SEV1: SEV1 of shop',
  ],
  [
    'one that is mitigated',
    say({}, [incident('SEV2', 'mitigated')]),
    'attention: Getting there. SEV2 is mitigated: SEV2 of shop',
  ],
  [
    'a page before its incident',
    say({ slos: [slo('a', STATE.page)] }),
    'bad: No. a spends its budget too fast.',
  ],
  [
    'small troubles',
    say({ slos: [slo('a', STATE.budgetLow)], notReady: ['tempo'] }, [incident('SEV3')]),
    'attention: Not quite: 1 incident open, a not on track, tempo not ready.',
  ],
  [
    'no Prometheus',
    say({ slos: [], missing: ['Prometheus does not answer.'] }),
    'attention: Nobody can tell. Prometheus does not answer.',
  ],
  [
    'an incident without Prometheus',
    say({ slos: [], missing: ['x'] }, [incident('SEV1')]),
    'bad: No. SEV1: SEV1 of shop',
  ],
  [
    'a Watchdog that is silent',
    say({}, [], true),
    'attention: Nobody can tell. The Watchdog is silent: alerts may not arrive.',
  ],
])('says in one line how things are: %s', (_case, said, expected) => {
  expect(said).toBe(expected);
});
