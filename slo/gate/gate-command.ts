import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../command/command-context.ts';
import { budgetGate, type GateVerdict } from './budget-gate.ts';

const QUERY_TIMEOUT_MS = 10_000;

/** Exit codes, for pipelines. */
const EXIT = { allowed: 0, frozen: 1, unknown: 2 } as const;

interface GateFlags {
  readonly service?: string;
  readonly fix: boolean;
  readonly prometheus: string;
  readonly user: string;
  readonly passwordFile?: string;
  readonly json: boolean;
}

/** `slo gate`: may a change go out? */
export function addGateCommand(program: Command, { options, exitWith }: CommandContext): void {
  const { workingFolder, out } = options;
  program
    .command('gate')
    .option('--service <name>', 'whose SLOs count (default: all)')
    .option('--fix', 'the change makes the service more reliable, or closes a hole', false)
    .option('--prometheus <url>', 'where the budgets are', options.prometheus)
    .option('--user <name>', 'of a Prometheus behind a door', 'operator')
    .option('--password-file <file>', 'with its password')
    .option('--json', 'one object instead of text', false)
    .description(
      'whether the error budget policy lets a change go out; exit code 0: yes, 1: no, 2: cannot be told',
    )
    .action(async (flags: GateFlags) => {
      const { service, fix, user, passwordFile } = flags;
      const password =
        passwordFile === undefined ? undefined : secretIn(resolve(workingFolder, passwordFile));
      const prometheus = createPrometheusClient({
        url: flags.prometheus,
        timeoutMs: QUERY_TIMEOUT_MS,
        ...(password !== undefined && { login: { username: user, password } }),
      });
      const verdict = await budgetGate({ prometheus, service, isFix: fix }).catch(
        (error: Error): GateVerdict => ({ verdict: 'unknown', because: error.message, slos: [] }),
      );
      if (flags.json) out(JSON.stringify(verdict));
      else {
        out(`${verdict.verdict}: ${verdict.because}`);
        for (const { slo, service, tier, budgetLeft } of verdict.slos)
          out(`  ${service} ${slo}: ${Math.round(budgetLeft * 100)} % left, tier ${tier}`);
      }
      exitWith(EXIT[verdict.verdict]);
    });
}

function secretIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new InvalidArgumentError(`--password-file: ${(error as Error).message}`);
  }
}
