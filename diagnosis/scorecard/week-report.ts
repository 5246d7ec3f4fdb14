import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import type { Card } from './card-schema.ts';

const STAGES = [
  ['detect', 'MTTD, until detected'],
  ['acknowledge', 'MTTA, until acknowledged'],
  ['mitigate', 'MTTM, until mitigated'],
  ['resolve', 'MTTR, until resolved'],
] as const;
const NAMED = 6;

/** The scorecard for people to read. */
export function weekReport(
  card: Card,
  { people, pagesAPersonWeek }: { readonly people: number; readonly pagesAPersonWeek: number },
): string {
  const { incidents, roots, actions, postmortems, pages, analysis } = card;
  return [
    `${card.from.slice(0, 16)} to ${card.until.slice(0, 16)} UTC, ${card.days} days`,
    `Incidents: ${incidents.opened} opened, ${incidents.resolved} resolved, ${decimal(incidents.alertsEach)} alerts each; ${card.falseAlarms} false alarms; ${card.autoHealed} ended by an action that nobody had to approve`,
    times(card),
    `Probable roots: ${share(roots.right, roots.judged)} right of ${roots.judged} judged (target ${percent(roots.target)}; by people ${roots.judgedBy.people}, by drills ${roots.judgedBy.drill})`,
    ...(roots.judged > 0 ? [calibration(card)] : []),
    `Actions: ${actions.begun} begun, ${actions.succeeded} verified, ${actions.takenBack} taken back; judged right ${actions.judgedRight}, wrong ${actions.judgedWrong}`,
    `Pages: ${pages.count}, ${decimal(pagesAPersonWeek)} a person-week for ${people} (target ${pages.targetAPersonWeek} at most)`,
    `Postmortem drafts: ${postmortems.written} of ${postmortems.ofResolved} resolved incidents`,
    coverage(card),
    `Language model: ${analysis.tokens} tokens, $${analysis.dollars.toFixed(2)}`,
    ...(card.noisiest.length > 0 ? [noisiest(card)] : []),
  ].join('\n\n');
}

function times({ times: of }: Card): string {
  const table = plainTable(['from the first alert on', 'incidents', 'median', 'p90', 'target', '']);
  for (const [stage, title] of STAGES) {
    const { incidents, medianSeconds, p90Seconds, targetSeconds } = of[stage];
    const verdict = medianSeconds === null ? '' : medianSeconds <= targetSeconds ? 'met' : 'missed';
    table.push([
      title,
      `${incidents}`,
      seconds(medianSeconds),
      seconds(p90Seconds),
      seconds(targetSeconds),
      verdict,
    ]);
  }
  return table.toString();
}

function calibration({ roots }: Card): string {
  const table = plainTable(['confidence claimed', 'judged', 'claimed on average', 'right']);
  for (const { from, judged, claimed, right } of roots.calibration)
    if (judged > 0)
      table.push([
        `${percent(from)} to ${percent(from + 0.2)}`,
        `${judged}`,
        claimed === null ? '–' : percent(claimed),
        share(right, judged),
      ]);
  return table.toString();
}

function noisiest({ noisiest: alerts }: Card): string {
  const table = plainTable(['noisiest alerts', 'service', 'severity', 'notifications', 'lasts', 'what if']);
  for (const { alertname, service, severity, notifications, medianSeconds, whatIf } of alerts)
    table.push([
      alertname,
      service,
      severity,
      `${notifications}`,
      seconds(medianSeconds),
      whatIf
        .map(({ change, bySeconds, notificationsSaved }) =>
          change === 'for'
            ? `for: ${duration(bySeconds * 1000)} longer: ${notificationsSaved} fewer`
            : `grouped over ${duration(bySeconds * 1000)}: ${notificationsSaved} fewer`,
        )
        .join('; '),
    ]);
  return table.toString();
}

function coverage({ coverage: of }: Card): string {
  if (of === null) return 'Coverage: not known, Prometheus does not answer';
  const line = (what: string, without: readonly string[]) =>
    `${what} ${of.services - without.length} of ${of.services}${without.length > 0 ? ` (not ${names(without)})` : ''}`;
  return `Coverage of services: ${line('traces', of.withoutTraces)}; ${line('SLOs', of.withoutSlo)}`;
}

const names = (all: readonly string[]) =>
  `${all.slice(0, NAMED).join(', ')}${all.length > NAMED ? ` and ${all.length - NAMED} more` : ''}`;
const seconds = (value: number | null) => (value === null ? '–' : duration(value * 1000));
const percent = (value: number) => `${Math.round(value * 100)} %`;
const share = (part: number, whole: number) => (whole === 0 ? 'none' : percent(part / whole));
const decimal = (value: number | null) => (value === null ? '–' : value.toFixed(1));
