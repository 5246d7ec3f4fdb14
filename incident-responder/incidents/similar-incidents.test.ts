import { expect, it } from 'vitest';
import type { Findings } from '../findings/findings.ts';
import type { ActionRun } from '../remediation/action.ts';
import type { Hypothesis, Incident } from './incident.ts';
import { similarIncidents } from './similar-incidents.ts';

const root = (service: string, confidence = 0.9, flag: string | null = null) =>
  ({
    service,
    cause: flag ? 'flag-change' : 'service',
    flag,
    confidence,
    summary: `${service}!`,
  }) as Hypothesis;
const incident = (id: number, hypothesis: Hypothesis | undefined, services = ['shop']) =>
  ({
    id,
    title: `incident ${id}`,
    services,
    hypotheses: hypothesis ? [hypothesis] : [],
    startedAtMs: id,
    resolvedAtMs: id + 1,
  }) as unknown as Incident;
const wrote = (template: string) => ({ templates: [{ service: 'stock', template }] }) as unknown as Findings;

const similar = (
  to: Incident,
  past: readonly Incident[],
  findings: Readonly<Record<number, Findings>> = {},
) =>
  similarIncidents(to, {
    incidents: { list: () => [...past] },
    findings: { get: (id) => findings[id] },
    runs: {
      list: ({ incidentId }) =>
        [
          { title: `helped ${incidentId}`, state: 'succeeded' },
          { title: 'did not', state: 'failed' },
        ] as ActionRun[],
    },
  });

it('the most similar come first: the same flag before another trouble of the same service', () => {
  const past = [
    incident(3, root('stock')),
    incident(2, root('stock', 0.9, 'new-stock')),
    incident(1, root('mail')),
  ];
  const found = similar(incident(9, root('stock', 0.9, 'new-stock')), past);
  expect(found.map(({ id, helped }) => [id, helped])).toEqual([
    [2, ['helped 2']],
    [3, ['helped 3']],
  ]);
  expect(found[0]!.alike[0]).toBe('the same root: stock!');
});

it('so is one whose logs said the same, though nobody knew its root', () => {
  const [found] = similar(incident(9, undefined), [incident(1, undefined)], {
    1: wrote('no stock left'),
    9: wrote('no stock left'),
  });
  expect(found).toMatchObject({ id: 1, alike: ['stock wrote the same: no stock left', 'alerts of shop'] });
});

it('alerts of the same service alone are no likeness, nor is a root that was hardly believed', () => {
  expect(similar(incident(9, undefined), [incident(1, root('stock'))])).toEqual([]);
  expect(similar(incident(9, root('stock', 0.3)), [incident(1, root('stock', 0.3))])).toEqual([]);
});
