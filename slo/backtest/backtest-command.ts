import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../command/command-context.ts';
import { secondsOf } from '../model/durations.ts';
import { backtest } from './backtest.ts';
import { backtestText } from './backtest-text.ts';
import { recordedRates } from './recorded-rates.ts';

const QUERY_TIMEOUT_MS = 120_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

interface BacktestFlags {
  readonly prometheus: string;
  readonly since: number;
  readonly target: readonly string[];
  readonly zone: string;
  readonly counters?: true;
  readonly json?: true;
}

/** `slo backtest`: what alerts would have done on a Prometheus' past. */
export function addBacktestCommand(program: Command, { options, load }: CommandContext): void {
  const { out, err } = options;
  program
    .command('backtest')
    .argument('<files...>', 'OpenSLO files')
    .option('--since <duration>', 'how far to look back, such as 30d', since, secondsOf('30d'))
    .option('--target <percent>', 'an objective to set beside, such as 99.5; may be repeated', target, [])
    .option('--prometheus <url>', 'whose past', options.prometheus)
    .option('--counters', 'pass over what the rules recorded, should the definition have changed since')
    .option('--zone <name>', 'IANA zone of printed times', 'UTC')
    .option('--json', 'one object instead of tables')
    .description(
      'what these alerts would have done: pages and tickets with times, budget spent, noisiest hours',
    )
    .action(async (files: string[], flags: BacktestFlags) => {
      const { slos } = await load(files);
      const prometheus = createPrometheusClient({
        url: flags.prometheus,
        timeoutMs: QUERY_TIMEOUT_MS,
        maxAnswerBytes: MAX_ANSWER_BYTES,
      });
      const untilSeconds = Math.floor(Date.now() / 60_000) * 60;
      const fromSeconds = untilSeconds - flags.since;
      const results = [];
      for (const slo of slos) {
        const { rates } = await recordedRates({
          prometheus,
          slo,
          fromSeconds,
          untilSeconds,
          countersOnly: flags.counters,
          onProgress: (share) => err(`${slo.name}: read ${Math.round(share * 100)} %`),
        });
        const result = backtest({ slo, rates, fromSeconds, objectives: flags.target });
        results.push(result);
        if (!flags.json) out(`${backtestText(result, flags.zone)}\n`);
      }
      if (flags.json) out(JSON.stringify({ slos: results }));
    });
}

function since(text: string): number {
  const seconds = durationSeconds(text);
  if (seconds === undefined || seconds < 3600)
    throw new InvalidArgumentError(`Expected a duration of at least 1h, such as 30d, got ${text}.`);
  return seconds;
}

function target(text: string, before: readonly string[]): string[] {
  const percent = Number(text);
  if (!(percent > 0 && percent < 100))
    throw new InvalidArgumentError(`Expected a percentage between 0 and 100, got ${text}.`);
  return [...before, String(Number((percent / 100).toFixed(9)))];
}
