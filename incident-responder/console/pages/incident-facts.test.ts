import { expect, it } from 'vitest';
import type { Findings } from '../../findings/findings.ts';
import type { Hypothesis, Incident } from '../../incidents/incident.ts';
import { findingsSection } from './findings-section.ts';
import { hypothesesSection } from './hypotheses.ts';

const root: Hypothesis = {
  cause: 'deploy',
  service: 'shop',
  instance: null,
  flag: null,
  summary: 'A deploy.',
  confidence: 0.9,
  reasons: [],
};
const shown = (hypothesis: Hypothesis) =>
  hypothesesSection({ hypotheses: [hypothesis], id: 1 } as unknown as Incident, undefined).markup;

it('the change that a root is put down to is shown as what went and what came', () => {
  const change = { kind: 'deploy', subject: 'abc', from: '1.0 <b>', to: '1.1 abc', atMs: 0 } as const;
  expect(shown({ ...root, change })).toMatch(/<del>- 1\.0 &lt;b&gt;<\/del>\n<ins>\+ 1\.1 abc<\/ins>/);
  expect(shown(root)).not.toContain('class="diff"');
});

it('what is new in the logs leads to the lines and to one of their traces', () => {
  const template = {
    service: 'shop',
    level: 'error',
    template: 'boom',
    change: 'new',
    lines: 3,
    before: 0,
  } as const;
  const section = (traceId: string | null) => {
    const findings: Findings = {
      ...{ atMs: 0, service: 'shop', fromMs: 0, untilMs: 60_000, failing: null, slow: null, missing: [] },
      templates: [{ ...template, traceId }],
    };
    return findingsSection(findings, 'http://grafana').markup;
  };
  expect(section('abc')).toContain('href="http://grafana/d/logs?var-service=shop&amp;from=0&amp;to=60000"');
  expect(section('abc')).toContain('Open a trace');
  expect(section(null)).not.toContain('Open a trace');
});
