import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Incident } from './incident.ts';

/** What is told to who waits, by how far one is. `docs/severity-levels.md` says whom and how often. */
const TEMPLATES = {
  investigating:
    '{{severity}}: {{title}}. Since {{since}} ({{for}}). Concerned: {{services}}. We are looking for the cause. Next update in 30 minutes.',
  identified:
    '{{severity}}: {{title}}. Since {{since}} ({{for}}). Concerned: {{services}}. Cause: {{root}}. We are working on it. Next update in 30 minutes.',
  monitoring:
    '{{severity}}: {{title}}. Concerned: {{services}}. It is mitigated; we watch whether it stays so. Next update in an hour.',
  resolved:
    '{{severity}}: {{title}} is over. It lasted {{for}}. Concerned: {{services}}. A postmortem follows.',
} as const;
type TemplateName = keyof typeof TEMPLATES;
export const STATUS_TEMPLATES = Object.keys(TEMPLATES) as readonly TemplateName[];

/** The template that fits how far an incident is. */
export function fittingTemplate({ status, hypotheses: [root] }: Incident): TemplateName {
  if (status === 'resolved') return 'resolved';
  if (status === 'mitigated') return 'monitoring';
  return root !== undefined && root.confidence >= 0.8 ? 'identified' : 'investigating';
}

/** A status update to begin with; people word it. */
export function statusText(name: TemplateName, incident: Incident, nowMs: number): string {
  const { severity, title, services, startedAtMs, resolvedAtMs, hypotheses } = incident;
  const values: Readonly<Record<string, string>> = {
    severity,
    title,
    services: services.join(', '),
    since: `${new Date(startedAtMs).toISOString().slice(11, 16)} UTC`,
    for: duration((resolvedAtMs ?? nowMs) - startedAtMs),
    root: hypotheses[0]?.summary ?? 'not known yet',
  };
  return TEMPLATES[name].replace(/\{\{(\w+)\}\}/g, (_all, field: string) => values[field] ?? '');
}
