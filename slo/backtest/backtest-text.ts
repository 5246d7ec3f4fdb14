import type { AlertEpisode } from './alert-episodes.ts';
import type { Backtest, TargetOutcome } from './backtest.ts';

const DAY_SECONDS = 86_400;

/** A backtest as people read it. */
export function backtestText(result: Backtest, timeZone: string): string {
  const at = instant(timeZone);
  const days = ((result.untilSeconds - result.fromSeconds) / DAY_SECONDS).toFixed(1);
  const head = `${result.slo} (${result.service}), ${days} days to ${at(result.untilSeconds)}`;
  if (result.totalEvents === 0)
    return `${head}: no telemetry or no events. Do its queries name series that this Prometheus has?`;
  const [own] = result.targets;
  const lines = [
    `${head}: ${events(result.badEvents)} of ${events(result.totalEvents)} events were bad` +
      `${result.coverage < 0.995 ? `, telemetry for ${percent(result.coverage)} of the time` : ''}`,
    '',
    columns([
      ['objective', 'pages', 'a week', 'tickets', 'budget spent', ''],
      ...result.targets.map((target) => targetRow(target, target === own)),
    ]),
  ];
  const alerts = [...own!.pages, ...own!.tickets].toSorted((a, b) => a.startSeconds - b.startSeconds);
  lines.push(
    '',
    alerts.length === 0
      ? `At ${objective(own!)} nothing would have fired.`
      : columns([
          ['alert', 'fires', 'for', 'peak burn', 'bad events', 'of the budget'],
          ...alerts.map((alert) => alertRow(alert, at, result, own!)),
        ]),
  );
  if (result.noisiestHours.length > 0)
    lines.push(
      '',
      'Noisiest hours',
      columns(
        result.noisiestHours.map(({ startSeconds, bad, total, share }) => [
          at(startSeconds),
          `${events(bad)} of ${events(total)} bad`,
          `${percent(share)} of all bad events`,
        ]),
      ),
    );
  return lines.join('\n');
}

function targetRow(target: TargetOutcome, isOwn: boolean): string[] {
  const { pages, tickets, pagesAWeek, budgetSpent } = target;
  const verdict = budgetSpent > 1 ? 'missed' : 'met';
  return [
    objective(target),
    String(pages.length),
    pagesAWeek.toFixed(1),
    String(tickets.length),
    percent(budgetSpent),
    isOwn ? `${verdict} (the definition's)` : verdict,
  ];
}

function alertRow(
  alert: AlertEpisode,
  at: (seconds: number) => string,
  { totalEvents }: Backtest,
  { objective: target }: TargetOutcome,
): string[] {
  const { severity, startSeconds, endSeconds, peakBurnRate, badEvents } = alert;
  return [
    severity,
    at(startSeconds),
    endSeconds === undefined ? 'still firing' : duration(endSeconds - startSeconds),
    `${peakBurnRate.toFixed(1)}x`,
    events(badEvents),
    percent(badEvents / totalEvents / (1 - Number(target))),
  ];
}

const objective = (target: TargetOutcome) => `${Number((Number(target.objective) * 100).toFixed(6))} %`;
const events = (count: number) => Math.round(count).toLocaleString('en-US');
const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`;
}

function instant(timeZone: string): (seconds: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (seconds) => format.format(seconds * 1000);
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
