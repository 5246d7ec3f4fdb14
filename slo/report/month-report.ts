import type { AlertEpisode } from '../backtest/alert-episodes.ts';
import { burnDownPicture } from './burn-down-picture.ts';
import type { CalendarMonth } from './calendar-month.ts';
import type { ReportedIncident } from './incidents.ts';
import type { Achieved, SloMonth } from './slo-month.ts';

/** A part of the report: Markdown, and what only a page can show. */
export interface ReportSection {
  readonly markdown: string;
  readonly picture?: string;
}

export interface MonthReportOptions {
  readonly month: CalendarMonth;
  readonly previous: CalendarMonth;
  readonly slos: readonly SloMonth[];
  /** Undefined where the responder did not answer: then the report says so. */
  readonly incidents: readonly ReportedIncident[] | undefined;
  readonly timeZone: string;
  readonly nowSeconds: number;
  /** The dashboard of one SLO, and the console, for links. */
  readonly dashboardUrl: string;
  readonly consoleUrl: string;
}

const MAX_EPISODES = 10;
/** Below, a month is said to be incompletely measured. */
const WHOLE_COVERAGE = 0.99;

/** The report of a month for people who look at no dashboard: a table of all, then one part an SLO. */
export function monthReport(options: MonthReportOptions): ReportSection[] {
  const { month, slos, timeZone, nowSeconds } = options;
  const isOver = nowSeconds >= month.untilSeconds;
  const title = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone }).format(
    (month.fromSeconds + 43_200) * 1000,
  );
  const missed = slos.filter(({ corrected }) => corrected.budgetSpent > 1).length;
  const unknown = slos.filter(({ corrected }) => corrected.total === 0).length;
  return [
    {
      markdown: [
        `# Service levels in ${title}`,
        `${isOver ? '' : 'The month is not over: these are its numbers so far. '}${slos.length - missed - unknown} of ${slos.length} objectives ` +
          `${isOver ? 'met' : 'held'}, ${missed} missed${unknown > 0 ? `, ${unknown} without telemetry` : ''}. Days are those of ${timeZone}.`,
        overview(options),
      ].join('\n\n'),
    },
    ...slos.map((slo) => sloSection(slo, options)),
    { markdown: methodNote(options) },
  ];
}

function overview({ slos }: MonthReportOptions): string {
  const rows = slos.map(({ slo, corrected, before }) => [
    text(slo.displayName),
    text(slo.service),
    objectiveOf(slo),
    Number.isNaN(corrected.ratio) ? 'no telemetry' : percent(corrected.ratio),
    verdict(corrected),
    spent(corrected),
    spent(before),
  ]);
  return table(['Objective', 'Service', 'Target', 'Reached', '', 'Budget spent', 'Month before'], rows);
}

function sloSection(each: SloMonth, options: MonthReportOptions): ReportSection {
  const { slo, measured, corrected, before, corrections, episodes, burnDown } = each;
  const { month, timeZone, dashboardUrl } = options;
  const parts = [`## ${text(slo.displayName)}: ${verdict(corrected)}`];
  if (slo.description) parts.push(text(slo.description));
  if (corrected.total === 0) {
    parts.push('There is no telemetry of this month: nobody can say whether the objective was met.');
    return { markdown: parts.join('\n\n') };
  }
  parts.push(
    `${count(corrected.total - corrected.bad)} of ${count(corrected.total)} events were good: ${percent(corrected.ratio)}, where ` +
      `${objectiveOf(slo)} was the objective. That is ${spent(corrected)} of the month's error budget` +
      `${Number.isNaN(before.budgetSpent) ? '' : `, after ${spent(before)} in the month before`}.` +
      `${corrected.coverage < WHOLE_COVERAGE ? ` Only ${percent(corrected.coverage)} of the time has telemetry.` : ''}`,
  );
  if (corrections.length > 0)
    parts.push(
      `Corrected: as measured it was ${percent(measured.ratio)} (${spent(measured)} of the budget). Left out were`,
      corrections
        .map(
          ({ fromSeconds, untilSeconds, reason, approvedBy, reference }) =>
            `- ${instant(fromSeconds, timeZone)} to ${instant(untilSeconds, timeZone)}: ${text(reason)}, approved by ` +
            `${text(approvedBy)}${reference ? ` (${text(reference)})` : ''}`,
        )
        .join('\n'),
    );
  parts.push('### What spent it', whatSpentIt(episodes, each, options));
  const dashboard = new URL(dashboardUrl);
  for (const [name, value] of Object.entries({
    'var-slo': slo.name,
    'var-service': slo.service,
    from: String(month.fromSeconds * 1000),
    to: String(month.untilSeconds * 1000),
  }))
    dashboard.searchParams.set(name, value);
  parts.push(`[Dashboard of the month](${dashboard.href})`);
  return { markdown: parts.join('\n\n'), picture: burnDownPicture(burnDown, month, slo.displayName) };
}

function whatSpentIt(
  episodes: readonly AlertEpisode[],
  { slo, corrected }: SloMonth,
  { incidents, timeZone, consoleUrl }: MonthReportOptions,
): string {
  if (episodes.length === 0)
    return 'Nothing that would have alerted: the bad events are spread over the month.';
  const allowed = corrected.total * Number(slo.errorBudget);
  const rows = episodes.slice(0, MAX_EPISODES).map((episode) => {
    const endSeconds = episode.endSeconds ?? Number.POSITIVE_INFINITY;
    const together = (incidents ?? []).filter(({ services, startedAt, resolvedAt }) => {
      const begin = Date.parse(startedAt) / 1000;
      const end = resolvedAt === null ? Number.POSITIVE_INFINITY : Date.parse(resolvedAt) / 1000;
      return services.includes(slo.service) && begin <= endSeconds && end >= episode.startSeconds;
    });
    return [
      instant(episode.startSeconds, timeZone),
      episode.endSeconds === undefined ? 'lasts' : minutes(episode.endSeconds - episode.startSeconds),
      episode.severity,
      count(episode.badEvents),
      percent(episode.badEvents / allowed),
      together.map(({ id, title }) => `[${text(title)}](${consoleUrl}/incidents/${id})`).join(', ') || '-',
    ];
  });
  const more =
    episodes.length > MAX_EPISODES ? `\n\nand ${episodes.length - MAX_EPISODES} smaller ones.` : '';
  return table(['Began', 'Alert lasted', 'Severity', 'Bad events', 'Of the budget', 'Incident'], rows) + more;
}

function methodNote({ incidents }: MonthReportOptions): string {
  return [
    '## How to read this',
    'The budget of a month is the share of its events that may be bad: 1 - objective, of all events of the month. Every event weighs ' +
      'the same, whenever it came. Alerts are those that the burn-rate rules give on these events; pages and tickets may overlap, so that ' +
      'their shares need not add up.',
    ...(incidents === undefined
      ? ['The incident responder did not answer: incidents are missing here.']
      : []),
  ].join('\n\n');
}

const verdict = ({ budgetSpent, total }: Achieved) =>
  total === 0 ? 'unknown' : budgetSpent > 1 ? '**missed**' : 'met';

const spent = ({ budgetSpent }: Achieved) =>
  Number.isNaN(budgetSpent) ? 'unknown' : `${(budgetSpent * 100).toFixed(budgetSpent < 0.1 ? 1 : 0)} %`;

const objectiveOf = ({ objective }: SloMonth['slo']) => `${Number((Number(objective) * 100).toFixed(6))} %`;

/** Shares close to 1 with as many digits as tell them from it. */
function percent(share: number): string {
  const distance = Math.min(share, 1 - share);
  const digits = distance <= 0 ? 1 : Math.min(6, Math.max(1, Math.ceil(-Math.log10(distance))));
  return `${(share * 100).toFixed(digits)} %`;
}

const count = (events: number) => Math.round(events).toLocaleString('en-US');
const minutes = (seconds: number) =>
  seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;

function instant(seconds: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
    seconds * 1000,
  );
}

/** Text of definitions and incidents, which must stay text in Markdown and HTML. */
const text = (raw: string) =>
  raw.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>()#|!~]/g, (special) => `\\${special}`);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
