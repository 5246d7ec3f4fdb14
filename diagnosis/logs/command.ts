import { readLines } from '@aiops-sre/investigation/logs/loki-lines.ts';
import { type TemplateChange, templateChanges } from '@aiops-sre/investigation/logs/template-changes.ts';
import { createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { type FileTemplates, fileTemplates } from './file-templates.ts';

export interface LogsCommandOptions {
  readonly lokiUrl: string;
  readonly nowSeconds: number;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

interface Given {
  readonly file?: string;
  readonly ids?: string;
  readonly service?: string;
  readonly minutes: number;
  readonly limit: number;
  readonly json?: true;
}

/** Of each query. An answer is 5,000 lines of 64 KB at most; seldom more than a few megabytes. */
const LIMITS = { timeoutMs: 30_000, maxAnswerBytes: 128 * 1024 * 1024, concurrency: 4 };

/** `npm run logs`. @returns the exit code: 0 done, 1 Loki or a file could not be read or written, 2 wrong arguments */
export async function logsCommand(args: readonly string[], options: LogsCommandOptions): Promise<number> {
  const { out, err } = options;
  const command = new Command('logs')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) });
  command
    .command('templates')
    .description('The templates of log lines: new ones first, then rising ones. LOKI_URL asks another Loki.')
    .option('--minutes <number>', 'of time, held against as much before', aboveZero, 30)
    .option('--service <name>', 'of one service')
    .option('--file <path>', 'instead: of the lines of a file')
    .option('--ids <path>', "with --file: write each line's template, as an id a line")
    .option('--limit <number>', 'most templates to print', aboveZero, 40)
    .option('--json', 'all of them, as JSON')
    .action((given: Given) => templates(given, options));
  try {
    await command.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    err(`logs: ${(error as Error).message}`);
    return 1;
  }
}

async function templates(given: Given, options: LogsCommandOptions): Promise<void> {
  const { out } = options;
  if (given.file === undefined) {
    const changes = await changesInLoki(given, options);
    out(given.json ? JSON.stringify(changes, undefined, 2) : changesReport(changes, given));
    return;
  }
  const found = await fileTemplates(given.file);
  if (given.ids !== undefined) {
    await writeAtomically(given.ids, found.idOfLine.map((id) => `${id ?? ''}\n`).join(''));
    out(`${given.ids}: ${found.templates.length} templates of ${found.idOfLine.length} lines`);
  } else out(given.json ? JSON.stringify(found.templates, undefined, 2) : fileReport(found, given.limit));
}

async function changesInLoki(
  { minutes, service }: Given,
  { lokiUrl, nowSeconds }: LogsCommandOptions,
): Promise<readonly TemplateChange[]> {
  const loki = createBackendClient({ ...LIMITS, name: 'Loki', url: lokiUrl });
  const untilSeconds = Math.floor(nowSeconds);
  const seconds = Math.ceil(minutes * 60);
  const windowBefore = (end: number) => ({ fromSeconds: end - seconds, untilSeconds: end });
  const [before, now] = await Promise.all([
    readLines(loki, windowBefore(untilSeconds - seconds), service),
    readLines(loki, windowBefore(untilSeconds), service),
  ]);
  return templateChanges(before, now);
}

function changesReport(changes: readonly TemplateChange[], { minutes, limit, service }: Given): string {
  if (changes.length === 0)
    return `No line${service === undefined ? '' : ` of ${service}`} in the last ${2 * minutes} minutes.`;
  const table = plainTable(['service', 'severity', 'lines', 'before', 'change', 'template']);
  for (const { service, level, lines, before, change, template } of changes.slice(0, limit))
    table.push([service, level, `${lines}`, `${before}`, change === 'steady' ? '' : change, template]);
  return `${table}\n\nLines in the last ${minutes} min, and in as much time before.${more(changes, limit)}`;
}

function fileReport({ templates, idOfLine }: FileTemplates, limit: number): string {
  const table = plainTable(['id', 'lines', 'template']);
  for (const { id, lines, template } of templates.slice(0, limit))
    table.push([`${id}`, `${lines}`, template]);
  return `${table}\n\n${templates.length} templates of ${idOfLine.length} lines.${more(templates, limit)}`;
}

const more = ({ length }: readonly unknown[], limit: number) =>
  length > limit ? ` ${length - limit} more templates: --limit ${length}.` : '';

function aboveZero(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError(`expected a number above 0, got "${text}"`);
  return value;
}
