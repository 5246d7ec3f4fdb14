import { describeProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { type Finding, ok, problem } from '../doctor/finding.ts';
import { checkClock, checkDisk, checkMemory, checkPermissions, checkPorts } from '../doctor/host-checks.ts';
import { checkComponents, checkEngines, checkNode } from '../doctor/platform-checks.ts';
import { checkHome } from '../home/check.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { portsInUse } from '../native/ports-in-use.ts';
import { plainTable } from '../plain-table.ts';
import { readStatus } from '../status/status-report.ts';
import type { CommandContext } from './context.ts';

async function homeFindings({ settings, environment }: CommandContext): Promise<readonly Finding[]> {
  const { problems } = await checkHome(settings, environment.PATH ?? '');
  if (problems.length === 0) return [ok('home', settings.home)];
  return problems.map((each) =>
    problem('home', describeProblem(each), 'npm run check-home, once it is mended'),
  );
}

async function examine(context: CommandContext): Promise<readonly Finding[]> {
  const { settings, environment, signal } = context;
  const layout = layoutOf(settings);
  const report = await readStatus(settings);
  const running = report !== undefined;
  const [engines, permissions, home, inUse] = await Promise.all([
    checkEngines(settings, environment.PATH ?? '', signal),
    checkPermissions(settings.dataDir, layout.secretsDir),
    homeFindings(context),
    running ? [] : portsInUse(settings.ports),
  ]);
  return [
    checkNode(settings.versions.node, process.versions.node),
    ...engines,
    ...checkPorts(inUse, running),
    checkDisk(settings.dataDir),
    checkMemory(running),
    checkClock(settings.dataDir, Date.now()),
    ...permissions,
    ...home,
    ...checkComponents(report),
  ];
}

/** Looks at everything, and says what to do. Exit code 1 where something is a problem. */
export async function doctor(context: CommandContext, options: { readonly json: boolean }): Promise<void> {
  const { write } = context;
  const findings = await examine(context);
  const sick = findings.filter(({ state }) => state === 'problem');
  process.exitCode = sick.length > 0 ? 1 : 0;
  if (options.json) return write(JSON.stringify({ ok: sick.length === 0, findings }));
  const table = plainTable(['', 'check', 'found']);
  for (const { state, check, found } of findings) table.push([state, check, found]);
  write(table.toString());
  const cures = [...Map.groupBy(findings, ({ cure }) => cure).keys()].filter((cure) => cure !== undefined);
  write(
    cures.length === 0 ? '\nAll is well.' : `\nWhat to do:\n${cures.map((cure) => `  - ${cure}`).join('\n')}`,
  );
}
