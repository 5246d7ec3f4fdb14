import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../command/command-context.ts';
import { adoptSlos } from './adopt.ts';
import { proposalLines } from './proposal-text.ts';
import { proposeSlos } from './propose.ts';

const QUERY_TIMEOUT_MS = 30_000;

interface AdoptFlags {
  readonly prometheus: string;
  readonly burnIn: boolean;
  readonly dryRun: boolean;
  readonly wait: number;
  readonly json: boolean;
}

/** `slo adopt`: SLOs of a service that sends telemetry, into the home folder. */
export function addAdoptCommand(program: Command, { options, fail }: CommandContext): void {
  const { home, out, err, applyHome } = options;
  program
    .command('adopt')
    .argument('<service>', 'its service.name')
    .option('--burn-in', 'on trial: alerts are computed and shown, and reach nobody', false)
    .option('--dry-run', 'show what it would be, and write nothing', false)
    .option('--prometheus <url>', 'where its telemetry is', options.prometheus)
    .option('--wait <seconds>', 'until its rules are evaluated, 1 to 600', waitSeconds, 120)
    .option('--json', 'one object instead of text', false)
    .description('writes availability and latency of a service into the home folder, and has them evaluated')
    .action(async (service: string, flags: AdoptFlags) => {
      const { burnIn, dryRun, json } = flags;
      const prometheus = createPrometheusClient({ url: flags.prometheus, timeoutMs: QUERY_TIMEOUT_MS });
      const nowSeconds = Math.floor(Date.now() / 1000);
      const proposal = await proposeSlos({ service, prometheus, nowSeconds, burnIn });
      if (!json) for (const line of proposalLines(proposal)) out(line);
      if (dryRun) return out(json ? JSON.stringify(proposal) : `\n${proposal.yaml.trimEnd()}`);
      try {
        const adoption = await adoptSlos({
          proposal,
          burnIn,
          home,
          prometheus,
          apply: applyHome,
          timeoutMs: flags.wait * 1000,
        });
        if (json) out(JSON.stringify({ ...adoption, proposed: proposal.slos }));
        else out(`${said[adoption.how]} ${adoption.file}; evaluated: ${adoption.slos.join(', ')}`);
      } catch (error) {
        err((error as Error).message);
        fail();
      }
    });
}

const said = { written: 'Written:', kept: 'Adopted before, and kept:', changed: 'Only on trial or not:' };

function waitSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 1 && seconds <= 600) return seconds;
  throw new InvalidArgumentError(`Expected a number from 1 to 600, got ${text}.`);
}
