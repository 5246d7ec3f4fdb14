import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { type Command, InvalidArgumentError } from 'commander';
import { recordedRates } from '../backtest/recorded-rates.ts';
import type { CommandContext } from '../command/command-context.ts';
import { DEFAULT_LINK_BASES } from '../rules/links.ts';
import { calendarMonth, monthBefore } from './calendar-month.ts';
import { readCorrections } from './corrections.ts';
import { incidentsOf } from './incidents.ts';
import { monthReport } from './month-report.ts';
import { reportMarkdown, reportPage } from './report-page.ts';
import { sloMonth } from './slo-month.ts';

const QUERY_TIMEOUT_MS = 120_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

interface ReportFlags {
  readonly month: string;
  readonly zone: string;
  readonly prometheus: string;
  readonly responder: string;
  readonly corrections?: string;
  readonly out: string;
}

/** `slo report`: a calendar month as Markdown and as a page. */
export function addReportCommand(program: Command, { options, load, read }: CommandContext): void {
  const { workingFolder, out, err } = options;
  program
    .command('report')
    .argument('<files...>', 'OpenSLO files')
    .requiredOption('--month <year-month>', 'such as 2026-10', month)
    .option('--zone <name>', 'IANA zone whose month it is', zone, 'UTC')
    .option(
      '--corrections <file>',
      'stretches whose events do not count, each with a reason and who approved it',
    )
    .option('--prometheus <url>', 'where events are read', options.prometheus)
    .option('--responder <url>', 'where incidents are read', options.responder)
    .option('--out <folder>', 'where slo-report-MONTH.md and .html go', '.')
    .description('objectives met or not, what spent the budget, the month before: Markdown and HTML')
    .action(async (files: string[], flags: ReportFlags) => {
      const { slos } = await load(files);
      const current = calendarMonth(flags.month, flags.zone);
      const previous = monthBefore(current, flags.zone);
      const nowSeconds = Math.floor(Date.now() / 60_000) * 60;
      if (nowSeconds <= current.fromSeconds) throw new InvalidArgumentError(`${flags.month} has not begun.`);
      const corrections = flags.corrections
        ? (await read([flags.corrections])).flatMap(({ file, text }) => readCorrections(file, text))
        : [];
      const prometheus = createPrometheusClient({
        url: flags.prometheus,
        timeoutMs: QUERY_TIMEOUT_MS,
        maxAnswerBytes: MAX_ANSWER_BYTES,
      });
      const months = [];
      for (const slo of slos) {
        const { rates } = await recordedRates({
          prometheus,
          slo,
          fromSeconds: previous.fromSeconds,
          untilSeconds: Math.min(nowSeconds, current.untilSeconds),
          onProgress: (share) => err(`${slo.name}: read ${Math.round(share * 100)} %`),
        });
        months.push(sloMonth({ slo, rates, month: current, previous, corrections, timeZone: flags.zone }));
      }
      const incidents = await incidentsOf(flags.responder, current).catch((error: Error) => {
        err(`warning: incidents are left out: ${error.message}`);
        return undefined;
      });
      const sections = monthReport({
        month: current,
        previous,
        slos: months,
        incidents,
        timeZone: flags.zone,
        nowSeconds,
        dashboardUrl: DEFAULT_LINK_BASES.dashboard,
        consoleUrl: flags.responder.replace(/\/+$/, ''),
      });
      const folder = resolve(workingFolder, flags.out);
      await mkdir(folder, { recursive: true });
      const name = join(folder, `slo-report-${flags.month}`);
      await writeFile(`${name}.md`, reportMarkdown(sections));
      await writeFile(`${name}.html`, reportPage(sections, `Service levels ${flags.month}`));
      for (const path of [`${name}.md`, `${name}.html`]) out(relative(workingFolder, path));
    });
}

function month(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError(`Expected a month such as 2026-10, got ${text}.`);
}

function zone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError(`Expected an IANA zone such as Europe/Berlin, got ${text}.`);
  }
}
