import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { execa } from 'execa';
import { z } from 'zod';
import { chart } from '../rendered.ts';
import type { Fields } from '../testing/administrator.ts';

/** Of the installation, made for these tests and deleted by them. */
export const NAMESPACE = 'platform-under-test';
/** Of workloads in which something is wrong, which the installation operates. */
export const PATIENTS = 'patients-under-test';
const RELEASE = 'aiops';
export const OF_RELEASE = ['--selector', `app.kubernetes.io/instance=${RELEASE}`];
const COMMAND_MS = 15 * 60_000;

const { KUBERNETES_CONTEXT = '', KUBERNETES_VALUES = '', KUBECTL = 'kubectl', HELM = 'helm' } = process.env;

/** What ends a node as if its power was cut, by its name: `NAME=COMMAND`, a line each. */
export const killCommands: Readonly<Record<string, string>> = Object.fromEntries(
  (process.env.KUBERNETES_KILL ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(/=(.*)/s).slice(0, 2)),
);

async function tool(file: string, args: readonly string[], input?: string): Promise<string> {
  const { stdout } = await execa(file, args, {
    timeout: COMMAND_MS,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  return stdout;
}

const IN_CONTEXT = ['--context', KUBERNETES_CONTEXT];

/** @throws ExecaError with what it said */
export const kubectl = (...args: readonly string[]) => tool(KUBECTL, [...IN_CONTEXT, ...args]);

/** Objects of a kind. */
export async function list(
  kind: string,
  namespace: string,
  ...args: readonly string[]
): Promise<readonly Fields[]> {
  return JSON.parse(await kubectl('get', kind, '--namespace', namespace, '--output', 'json', ...args)).items;
}

/** One object, `undefined` where there is none. */
export async function find(what: string, namespace: string): Promise<Fields | undefined> {
  const text = await kubectl('get', what, '--namespace', namespace, '--output', 'json', '--ignore-not-found');
  return text === '' ? undefined : JSON.parse(text);
}

/** `kubectl apply` of objects. */
export const apply = (objects: readonly unknown[]) =>
  tool(
    KUBECTL,
    [...IN_CONTEXT, 'apply', '--filename', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  );

/** A command of Helm's on the release. @throws ExecaError with what it said */
export const helm = (command: string, ...args: readonly string[]) =>
  tool(HELM, [command, RELEASE, ...args, '--kube-context', KUBERNETES_CONTEXT, '--namespace', NAMESPACE]);

/** What the release is installed with, beside what each installation of this cluster needs. */
export const withChart = (...values: readonly string[]) => [
  chart,
  ...[KUBERNETES_VALUES, ...values].filter(Boolean).flatMap((each) => ['--set', each]),
];

const isReady = ({ status }: Fields) =>
  (status.conditions ?? []).some((each: Fields) => each.type === 'Ready' && each.status === 'True');

/** Pods of a component that serve. */
export const servingPods = async (component: string) =>
  (await list('pods', NAMESPACE, '--selector', `app.kubernetes.io/component=${component}`)).filter(
    (pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined,
  );
export const isNodeReady = async (name: string) =>
  isReady((await find(`node/${name}`, 'default')) ?? { status: {} });

/** Workloads of the installation of which not every pod is ready. */
export async function unready(kinds = 'deployments,statefulsets'): Promise<readonly string[]> {
  return (await list(kinds, NAMESPACE))
    .filter(({ spec, status }) => (status.readyReplicas ?? 0) < spec.replicas)
    .map(({ metadata }) => metadata.name);
}

/** Runs JavaScript in a pod of the installation, and returns what it wrote. */
export const inPod = (workload: string, script: string) =>
  kubectl('exec', '--namespace', NAMESPACE, workload, '--', 'node', '--input-type=module', '--eval', script);

const forwards: ChildProcess[] = [];
export function endForwards(): void {
  for (const child of forwards) child.kill();
}

/** A way to a port of the installation, until the file's tests are over; its address. */
export async function forward(service: string, port: number): Promise<string> {
  const child = spawn(
    KUBECTL,
    [...IN_CONTEXT, '--namespace', NAMESPACE, 'port-forward', `service/${service}`, `:${port}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  forwards.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  const [, local] = /127\.0\.0\.1:(\d+) ->/.exec(line) ?? [];
  if (local === undefined)
    throw new Error(`port-forward to ${service}: expected a port of 127.0.0.1, got ${line}`);
  return `http://127.0.0.1:${local}`;
}

const runsSchema = z.object({
  actions: z.array(
    z.looseObject({
      action: z.string(),
      state: z.string(),
      reason: z.string().nullish(),
      parameters: z.record(z.string(), z.string()),
      createdAt: z.iso.datetime().transform(Date.parse),
      endedAt: z.iso.datetime().transform(Date.parse).nullable(),
    }),
  ),
});
/** Runs of the responder's actions on a workload, newest first. */
export async function runsOf(responder: string, action: string, workload: string) {
  const response = await fetch(`${responder}/api/actions?limit=200`, { signal: AbortSignal.timeout(10_000) });
  return runsSchema
    .parse(await response.json())
    .actions.filter((each) => each.action === action && each.parameters.workload === workload);
}

/** Says how long something took, and returns it. */
export function tell(what: string, sinceMs: number): number {
  const seconds = (Date.now() - sinceMs) / 1000;
  print(`${what}: ${seconds.toFixed(1)} s`);
  return seconds;
}
