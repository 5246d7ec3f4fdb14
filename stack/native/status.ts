import { existsSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { askReady } from '../readiness/ask-ready.ts';
import type { Layout } from './layout.ts';
import { SupervisorClient } from './supervisor/client.ts';
import { unwatchedProcesses } from './supervisor/process-records.ts';
import { type ProcessStatus, readSupervisorSpec } from './supervisor/process-spec.ts';

export interface ComponentStatus extends Omit<ProcessStatus, 'state'> {
  /** unwatched: it runs, and nobody starts it again when it ends. */
  readonly state: ProcessStatus['state'] | 'unwatched';
  readonly ready: boolean;
  /** Resident memory in bytes: what the process alone would need. */
  readonly residentBytes: number | undefined;
  /** Resident memory with shared pages divided among their users (proportional set size); Linux only. */
  readonly proportionalBytes: number | undefined;
}

type Memory = Pick<ComponentStatus, 'residentBytes' | 'proportionalBytes'>;

const sum = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : a + b;

/** Of a process and those it started: a PostgreSQL is one a connection. */
async function memoryOf(pid: number): Promise<Memory> {
  const rollup = `/proc/${pid}/smaps_rollup`;
  try {
    if (existsSync(rollup)) {
      const text = readFileSync(rollup, 'utf8');
      const kilobytes = (field: string) =>
        Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1]) * 1024;
      const own = { residentBytes: kilobytes('Rss'), proportionalBytes: kilobytes('Pss') };
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
      const all = await Promise.all(children.map((child) => memoryOf(Number(child))));
      return all
        .filter(({ residentBytes }) => residentBytes !== undefined)
        .reduce<Memory>(
          (total, each) => ({
            residentBytes: sum(total.residentBytes, each.residentBytes),
            proportionalBytes: sum(total.proportionalBytes, each.proportionalBytes),
          }),
          own,
        );
    }
    const { stdout } = await execa('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: 5_000 });
    return { residentBytes: Number(stdout.trim()) * 1024, proportionalBytes: undefined };
  } catch {
    return { residentBytes: undefined, proportionalBytes: undefined };
  }
}

/**
 * Every process of the native engine but those on standby, also where a killed supervisor left them; undefined where none runs.
 *
 * @throws Error where processes run whose supervisor's specification is gone
 */
export async function nativeStatus(layout: Layout): Promise<readonly ComponentStatus[] | undefined> {
  const processes = (await new SupervisorClient(layout.socketPath).processes()) ?? unwatched(layout);
  return (
    processes &&
    Promise.all(
      processes.filter(isWanted).map(async (each) => ({
        ...each,
        ready: isUp(each) && (await askReady({ ...each, url: each.readyUrl }, 2_000)) === undefined,
        ...(each.pid ? await memoryOf(each.pid) : { residentBytes: undefined, proportionalBytes: undefined }),
      })),
    )
  );
}

const isWanted = ({ isStandby, state }: Pick<ComponentStatus, 'isStandby' | 'state'>) =>
  !(isStandby && state === 'stopped');

const isUp = ({ state }: Pick<ComponentStatus, 'state'>) => state === 'running' || state === 'unwatched';

function unwatched(
  layout: Layout,
): readonly (Omit<ProcessStatus, 'state'> & Pick<ComponentStatus, 'state'>)[] | undefined {
  const left = new Map(unwatchedProcesses(layout.recordsFile).map((each) => [each.name, each]));
  if (left.size === 0) return undefined;
  const { processes } = readSupervisorSpec(layout.supervisorSpecFile);
  return processes.map(({ name, readyUrl, readyStatus, isStandby }) => {
    const running = left.get(name);
    return {
      name,
      readyUrl,
      ...(readyStatus !== undefined && { readyStatus }),
      ...(isStandby && { isStandby }),
      crashes: 0,
      ...(running
        ? { state: 'unwatched', pid: running.pid, startedAtMs: running.startedAtMs }
        : { state: 'stopped' }),
    };
  });
}
