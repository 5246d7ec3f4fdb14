import { usersInWords } from '@aiops-sre/investigation/affected-users.ts';
import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Findings } from '../findings/findings.ts';
import type { ActionRun } from '../remediation/action.ts';
import type { Hypothesis, Incident, IncidentAlert, TimelineEntry } from './incident.ts';
import type { SimilarIncident } from './similar-incidents.ts';

/** Share of a 30-day budget left, 1 for all; null where nobody knows. */
export interface BudgetImpact {
  readonly slo: string;
  readonly before: number | null;
  readonly after: number | null;
}

export interface PostmortemContent {
  readonly incident: Incident;
  readonly alerts: readonly IncidentAlert[];
  readonly timeline: readonly TimelineEntry[];
  readonly runs: readonly ActionRun[];
  readonly budgets: readonly BudgetImpact[];
  /** What traces and logs said, where they were asked. */
  readonly findings: Findings | undefined;
  readonly similar: readonly SimilarIncident[];
  /** `http://HOST:PORT` of this responder, for links. */
  readonly baseUrl: string;
}

const MAX_TIMELINE = 200;

/** A draft in Markdown after docs/postmortem-template.md: what can be known is filled in, the rest is for people. */
export function postmortemDraft(content: PostmortemContent): string {
  const { incident, alerts, timeline, runs, budgets, findings, similar, baseUrl } = content;
  const { startedAtMs, detectedAtMs, mitigatedAtMs, resolvedAtMs } = incident;
  const root = incident.hypotheses[0];
  const acted = runs.filter(({ startedAtMs: started }) => started !== null);
  const since = (ms: number | null) => (ms === null ? 'not known' : duration(Math.max(0, ms - startedAtMs)));
  return `# Postmortem: ${plain(incident.title)}

Draft, written when the incident resolved. Blameless: people did what made sense to them with what they knew.

| | |
|---|---|
| Incident | [${incident.id}](${baseUrl}/incidents/${incident.id}), ${incident.severity} |
| Duration | ${instant(startedAtMs)} to ${resolvedAtMs === null ? 'now' : instant(resolvedAtMs)}, ${since(resolvedAtMs)} |
| Services | ${incident.services.map(plain).join(', ')} |
| Users hurt | ${requestsHurt(findings)} |
| Changed before | ${changeText(root?.change)} |
| Budget spent | ${budgets.length === 0 ? 'no SLO is concerned' : budgets.map(budgetText).join('; ')} |
| Detection | ${since(detectedAtMs)} from the onset to the responder; first alert: ${plain(alerts[0]?.alertname ?? 'none')} |
| Acknowledged | ${since(incident.acknowledgedAtMs)}, by ${plain(incident.acknowledgedBy ?? 'nobody')} |
| Mitigated | ${since(mitigatedAtMs)} after the onset |
| Resolved | ${since(resolvedAtMs)} after the onset |

## Summary

${root === undefined ? 'TODO' : `${plain(root.summary)} (${percent(root.confidence)} sure, by the responder; confirm or correct.)`}

## Impact

${incident.alertCount} alerts, of them only symptoms: ${alerts.filter(({ role }) => role === 'symptom').length}. TODO: what users saw.

${graphLinks(alerts, startedAtMs, resolvedAtMs ?? detectedAtMs)}
## Timeline (UTC)

| Time | What |
|---|---|
${timeline
  .slice(0, MAX_TIMELINE)
  .map(({ atMs, text }) => `| ${instant(atMs)} | ${plain(text)} |`)
  .join('\n')}
${timeline.length > MAX_TIMELINE ? `\n${timeline.length - MAX_TIMELINE} more entries: ${baseUrl}/incidents/${incident.id}\n` : ''}
## Why it happened

${root === undefined ? 'Nothing points anywhere. TODO' : root.reasons.map(({ text, weight }) => `- ${weight < 0 ? 'Against it: ' : ''}${plain(text)}`).join('\n')}

${findings === undefined ? '' : `${findingLines(findings).join('\n')}\n`}
TODO: trigger, and what made it possible. Ask why until the answer is something that can be changed.

## What acted

${acted.length === 0 ? 'Nothing acted by itself.' : acted.map((run) => `- ${plain(run.title)} (${plain(run.command)}): ${run.state}, ${plain(run.reason)}. Began ${since(run.startedAtMs)} after the onset; verification ${run.verification.outcome ?? 'not reached'}.`).join('\n')}

## Seen before

${similar.length === 0 ? 'No incident of the past was much like it.' : similar.map((each) => `- [${each.id}](${baseUrl}/incidents/${each.id}), ${instant(each.startedAtMs)}, ${plain(each.title)}: alike in ${plain(each.alike.join('; '))}. ${each.helped.length > 0 ? `What helped: ${plain(each.helped.join(', '))}.` : 'Nothing acted.'}`).join('\n')}

## What went well, what did not, where we were lucky

TODO

## Was the alerting right?

TODO

## Actions

| Action | Kind (prevent, detect, mitigate) | Owner | Due | Ticket |
|---|---|---|---|---|
| | | | | |
`;
}

const instant = (ms: number) => new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
const percent = (ratio: number) => `${(ratio * 100).toFixed(ratio > 0.995 ? 0 : 1)} %`;

const changeText = (change: Hypothesis['change']): string =>
  change === undefined
    ? 'nothing that is known of'
    : `${change.kind} ${plain(change.subject)}, ${plain(change.from)} to ${plain(change.to)}, ${instant(change.atMs)}`;

function budgetText({ slo, before, after }: BudgetImpact): string {
  if (before === null || after === null) return `${plain(slo)}: not known`;
  return `${plain(slo)}: ${percent(Math.max(0, before - after))} (${percent(before)} left before, ${percent(after)} after)`;
}

function graphLinks(alerts: readonly IncidentAlert[], fromMs: number, toMs: number): string {
  const links = new Set(alerts.flatMap(({ annotations }) => annotations.dashboard_url ?? []));
  const margin = 15 * 60_000;
  const lines = [...links]
    .filter((link) => URL.canParse(link) && /^https?:$/.test(new URL(link).protocol))
    .slice(0, 10)
    .map((link) => {
      const url = new URL(link);
      url.searchParams.set('from', String(fromMs - margin));
      url.searchParams.set('to', String(toMs + margin));
      return `- <${url.href}>\n`;
    });
  return lines.length === 0 ? '' : `Graphs over the time of the incident:\n\n${lines.join('')}`;
}

/** Text of alerts as one line that Markdown takes for nothing else, tables and HTML included. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 500)
    .replace(/[\\`*_{}[\]<>()#+!|&~]/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(/:\/\//g, '&#58;//');
}

/** By users, where requests say whose they are, and by requests. */
function requestsHurt(findings: Findings | undefined): string {
  const counted = [
    ['failed', findings?.failing?.counted],
    ['were slow', findings?.slow?.counted],
  ] as const;
  const hurt = counted.flatMap(([verb, count]) =>
    count ? [`${count.bad} of ${count.all} requests of ${plain(findings!.service)} ${verb}`] : [],
  );
  if (findings === undefined || (hurt.length === 0 && !findings.users)) return 'TODO';
  const users = findings.users
    ? `${usersInWords(findings.users)} had a failed or slow answer`
    : 'TODO: how many users';
  return `${[...hurt, users].join('; ')}, by ${instant(findings.untilMs)}`;
}

/** What traces and logs say, a list item each. */
function findingLines({ failing, slow, templates, missing }: Findings): string[] {
  const of = (kind: string, finding: Findings['failing']) =>
    finding === null
      ? []
      : [
          ...finding.inCommon
            .slice(0, 2)
            .map(
              (each) =>
                `${percent(each.shareOfBad)} of the ${kind} requests have ${each.service} ${each.attribute} = ${each.value}, ${percent(each.shareOfRest)} of the rest.`,
            ),
          ...finding.firstErrors
            .slice(0, 1)
            .map(
              (each) => `The first error of ${percent(each.share)} of them: ${each.operation} ${each.error}`,
            ),
          ...finding.timeSpent
            .slice(0, 1)
            .map((each) => `${percent(each.share)} of the time of ${kind} requests goes to ${each.place}.`),
        ];
  return [
    ...of('failing', failing),
    ...of('slow', slow),
    ...templates
      .slice(0, 3)
      .map(
        ({ service, change, template }) =>
          `${change === 'new' ? 'New' : 'Rising'} in the logs of ${service}: ${template}`,
      ),
    ...missing.map((each) => `Could not be asked: ${each}`),
  ].map((line) => `- ${plain(line)}`);
}
