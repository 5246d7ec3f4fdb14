import { askReady } from '@aiops-sre/stack/readiness/ask-ready.ts';
import { eventually } from '../testing/stack-under-test.ts';
import type { Stack } from './kind.ts';

/** What is killed, in turn, by the supervisor's names. */
export const COMPONENTS = [
  'otel-collector',
  'tempo',
  'loki',
  'prometheus',
  'alertmanager',
  'anomaly-detector',
  'incident-responder',
  'storefront',
  'identity',
  'fulfillment-1',
  'checkout',
  'payments',
  'postgres',
  'traffic',
] as const;

/** SIGKILL, as the kernel or a full memory does it; the supervisor starts it again. @returns seconds until it was ready. */
export async function killAndAwait(stack: Stack, name: string): Promise<number> {
  const find = async () => (await stack.supervisor.processes())?.find((process) => process.name === name);
  const pid = (await find())?.pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  const startedMs = performance.now();
  process.kill(pid, 'SIGKILL');
  await eventually(`${name} that is ready again`, 90_000, async () => {
    const now = await find();
    if (now?.pid === undefined || now.pid === pid) return false;
    return (await askReady({ url: now.readyUrl, readyStatus: now.readyStatus }, 5_000)) === undefined;
  });
  return (performance.now() - startedMs) / 1000;
}
