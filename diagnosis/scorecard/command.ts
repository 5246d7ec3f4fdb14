import { createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { cardSchema } from './card-schema.ts';
import { weekReport } from './week-report.ts';

export interface ReportCommandOptions {
  readonly responderUrl: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

interface Given {
  readonly days: number;
  readonly people: number;
  readonly json?: true;
}

const TIMEOUT_MS = 30_000;

/** `npm run report`. @returns the exit code: 0 done, 1 the responder does not answer, 2 wrong arguments */
export async function reportCommand(args: readonly string[], options: ReportCommandOptions): Promise<number> {
  const { out, err } = options;
  const command = new Command('report')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) });
  command
    .command('week')
    .description(
      'How well incidents were found and dealt with, against targets. RESPONDER_URL asks another responder.',
    )
    .option('--days <number>', 'back from now, 35 at most', wholeFrom(1, 35), 7)
    .option('--people <number>', 'on call, who share the pages', wholeFrom(1, 1000), 1)
    .option('--json', 'one JSON object')
    .action((given: Given) => week(given, options));
  try {
    await command.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    err(`report: ${(error as Error).message}`);
    return 1;
  }
}

async function week(
  { days, people, json }: Given,
  { responderUrl, out }: ReportCommandOptions,
): Promise<void> {
  const responder = createBackendClient({
    name: 'incident-responder',
    url: responderUrl,
    timeoutMs: TIMEOUT_MS,
  });
  const card = await responder.json({ path: '/api/scorecard', parameters: { days } }, cardSchema);
  const pagesAPersonWeek = card.pages.count / people / (days / 7);
  if (json)
    out(
      JSON.stringify(
        { ...card, pages: { ...card.pages, people, aPersonWeek: pagesAPersonWeek } },
        undefined,
        2,
      ),
    );
  else out(weekReport(card, { people, pagesAPersonWeek }));
}

function wholeFrom(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}, got "${text}"`);
    return value;
  };
}
