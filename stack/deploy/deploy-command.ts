import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { readVersions } from '@aiops-sre/demo-app/versions/versions.ts';
import { INTERRUPTED } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { budgetGate } from '@aiops-sre/slo/gate/budget-gate.ts';
import type { CommandContext } from '../commands/context.ts';
import { composeServicesHere } from '../compose/docker.ts';
import type { Engine } from '../engine.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { SupervisorClient } from '../native/supervisor/client.ts';
import { endProcess } from '../native/supervisor/process-identity.ts';
import { composeProcesses } from './compose-processes.ts';
import { lookHead, lookRow, timesInWords } from './deploy-text.ts';
import { type DeploymentRecord, type DeploymentRecords, deploymentRecords } from './deployment-record.ts';
import { nativeProcesses } from './native-processes.ts';
import { alphaOfTest, type Plan } from './plan.ts';
import { platformStage } from './platform-stage.ts';
import { type RollOut, rollOut, type Stage } from './roll-out.ts';
import { stableVersion } from './storefront-version.ts';

const QUERY_TIMEOUT_MS = 10_000;
/** A deployment that is interrupted takes back what it did. */
const ABORT_WITHIN_MS = 60_000;
const PAST = 5;
/** Rules compute the budget every minute; a stack that has just started has none yet. */
const BUDGET_WITHIN_MS = 120_000;
const BUDGET_POLL_MS = 3_000;

/** Exit codes: of a roll-back and of what was refused, and of Ctrl-C as shells have it. */
const EXIT = { promoted: 0, 'rolled back': 1, interrupted: INTERRUPTED } as const;

export interface DeployOptions {
  readonly plan: Plan;
  readonly isFix: boolean;
  /** Why it goes out on a spent error budget. */
  readonly override: string | undefined;
  readonly json: boolean;
}

interface Surroundings {
  readonly engine: Engine;
  readonly records: DeploymentRecords;
  stage(previous: string, signal: AbortSignal): Stage;
}

/** @throws Error where nothing runs that could be deployed to */
async function surroundings({ settings }: CommandContext): Promise<Surroundings> {
  const layout = layoutOf(settings);
  const records = deploymentRecords(layout.deployDir);
  const isNative = (await new SupervisorClient(layout.socketPath).processes()) !== undefined;
  const engine: Engine = isNative ? 'native' : 'compose';
  if (!isNative && (await composeServicesHere(settings)).length === 0)
    throw new Error('Nothing is running: npm start');
  const processes = isNative ? nativeProcesses(settings) : composeProcesses(settings);
  const isPromoting = () => records.read()?.step === 'promoting';
  return {
    engine,
    records,
    stage: (previous, signal) =>
      platformStage({ settings, engine, processes, previous, isPromoting, signal }),
  };
}

/** Brings a version of the storefront out. @throws Error where it is refused */
export async function deploy(context: CommandContext, asked: string, options: DeployOptions): Promise<void> {
  const { settings, signal } = context;
  const { plan, json } = options;
  const write = json ? () => {} : context.write;
  const version = versionCalled(asked);
  const { records, stage: stageFor } = await surroundings(context);
  const left = records.read();
  if (left && records.isAlive(left))
    throw new Error(
      `a deployment of ${left.version} runs (process ${left.pid}): npm run -s deploy -- status`,
    );
  if (left) await cleanUp(left, records, stageFor(left.previous, new AbortController().signal), write);
  const previous = stableVersion(settings);
  if (previous === version) throw new Error(`${version} is what the storefront runs with already`);
  await requireBudget({ ...context, write }, version, options, records);
  records.claim(version, previous);
  records.log({ event: 'started', version, detail: `from ${previous}, steps ${plan.steps.join(', ')} %` });
  write(
    `storefront ${previous} -> ${version}: ${plan.steps.join(', ')} % of the traffic, each for ${plan.bakeMs / 1000} s and ${plan.minimumRequests} requests at least.`,
  );
  write(
    `Rolled back below p = ${alphaOfTest(plan).toExponential(1)} a test: ${plan.alpha} over all looks and tests (Bonferroni).\n`,
  );
  write(lookHead());
  const stage = stageFor(previous, signal);
  const result = await rollOut({
    stage,
    version,
    plan,
    isInterrupted: () => signal.aborted,
    onStep: (step) => {
      records.step(step);
      records.log({ event: 'step', version, detail: step === 'promoting' ? step : `${step} %` });
    },
    onLook: (look) => write(lookRow(look)),
  });
  records.release();
  records.log({ event: result.outcome, version, detail: result.because });
  report(context, { version, previous, ...result }, json);
  process.exitCode = EXIT[result.outcome];
}

function report(
  { write }: CommandContext,
  result: RollOut & { readonly version: string; readonly previous: string },
  json: boolean,
): void {
  if (json) {
    write(JSON.stringify(result));
    return;
  }
  write(`\n${result.version} ${result.outcome}: ${result.because}.`);
  write(timesInWords(result.times));
}

/** The number of a version that goes by its name or its number. */
function versionCalled(asked: string): string {
  const versions = readVersions();
  const named =
    versions.get(asked)?.version ?? [...versions.values()].find(({ version }) => version === asked)?.version;
  if (named !== undefined) return named;
  const known = [...versions].map(([name, { version }]) => `${name} (${version})`).join(', ');
  throw new Error(`no such version: expected one of ${known}, got ${asked}`);
}

/** @throws Error where the error budget policy freezes deployments, or cannot be asked, and nobody overrides it */
async function requireBudget(
  { settings, write, signal }: CommandContext,
  version: string,
  { isFix, override }: DeployOptions,
  records: DeploymentRecords,
): Promise<void> {
  const prometheus = createPrometheusClient({
    url: endpoint(settings, 'prometheus'),
    timeoutMs: QUERY_TIMEOUT_MS,
  });
  const ask = () => budgetGate({ prometheus, service: 'storefront', isFix });
  let answer = await ask();
  if (answer.verdict === 'unknown') write('Error budget: not computed yet, as after a start; waits for it.');
  for (
    const deadline = Date.now() + BUDGET_WITHIN_MS;
    answer.verdict === 'unknown' && Date.now() < deadline;
  ) {
    await sleep(BUDGET_POLL_MS, undefined, { signal });
    answer = await ask();
  }
  const { verdict, because } = answer;
  write(`Error budget: ${because}.`);
  if (verdict === 'allowed') return;
  if (override === undefined)
    throw new Error(
      `the error budget policy ${verdict === 'frozen' ? 'freezes deployments' : 'cannot be asked'}: ${because}. --fix says that it mends, --override REASON goes on and is written down`,
    );
  const { username } = userInfo();
  records.log({
    event: 'overridden',
    version,
    detail: `${username}@${hostname()}: ${override} (${because})`,
  });
}

async function cleanUp(
  left: DeploymentRecord,
  records: DeploymentRecords,
  stage: Stage,
  write: (text: string) => void,
): Promise<void> {
  await stage.takeBack();
  records.release();
  records.log({ event: 'cleaned up', version: left.version, detail: `cut off at ${left.step}` });
  write(`The deployment of ${left.version} was cut off; it is taken back.`);
}

/** Ends the deployment that runs, which takes it back, or cleans up after one that was cut off. */
export async function abortDeployment(context: CommandContext): Promise<void> {
  const { records, stage } = await surroundings(context);
  const left = records.read();
  if (left === undefined) return context.write('No deployment runs.');
  if (records.isAlive(left)) {
    await endProcess(left, ABORT_WITHIN_MS);
    if (records.read() === undefined)
      return context.write(`The deployment of ${left.version} is ended and taken back.`);
  }
  await cleanUp(left, records, stage(left.previous, context.signal), context.write);
}

/** What runs, what is deployed, and what has been. */
export async function deploymentStatus({ settings, write }: CommandContext, json: boolean): Promise<void> {
  const records = deploymentRecords(layoutOf(settings).deployDir);
  const left = records.read();
  const runs = left && { ...left, isAlive: records.isAlive(left) };
  const past = records.past(PAST);
  if (json) return write(JSON.stringify({ stable: stableVersion(settings), deployment: runs ?? null, past }));
  write(`stable: ${stableVersion(settings)}`);
  if (runs === undefined) write('No deployment runs.');
  else
    write(
      runs.isAlive
        ? `${runs.version} is being deployed since ${runs.startedAt}: ${runs.step === 'promoting' ? 'promoting' : `${runs.step} %`} (process ${runs.pid})`
        : `The deployment of ${runs.version} was cut off at ${runs.step}: npm run -s deploy -- --abort`,
    );
  for (const { at, event, version, detail } of past)
    write(`  ${at}  ${version}  ${event}${detail ? `: ${detail}` : ''}`);
}
