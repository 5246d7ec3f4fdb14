import { expect, it } from 'vitest';
import type { Incident } from '../../incidents/incident.ts';
import { analysisSection } from './analysis-section.ts';

const shown = (answer: object) =>
  analysisSection(
    {
      ...{ incidentId: 1, atMs: 0, model: 'small', outcome: 'answered', verdict: null },
      answer: { text: 'It failed.', ranked: [], caution: '', ...answer },
    },
    { id: 1 } as Incident,
    undefined,
  )!.markup;
const proposal = {
  ...({ kind: 'rule', name: 'RequestsFail', why: 'It tells <b>sooner</b>.' } as const),
  text: '- alert: RequestsFail\n  expr: up < 1\n',
};

it('proposals of a model are text, with what accepted them; answers from before there were any are shown too', () => {
  const page = shown({ proposals: [{ ...proposal, acceptedBy: 'promtool' }] });
  expect(page).toContain('promtool accepts them; nothing loads them');
  expect(page).toContain('expr: up &lt; 1');
  expect(page).not.toMatch(/<b>|<form|<button/);
  expect(shown({ proposals: [{ ...proposal, acceptedBy: 'grammar' }] })).toContain('grammar');
  expect(shown({})).not.toContain('proposes');
});
