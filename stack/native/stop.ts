import { rmSync } from 'node:fs';
import type { Layout } from './layout.ts';
import { SupervisorClient } from './supervisor/client.ts';
import { endProcess, isRunning } from './supervisor/process-identity.ts';
import { processesOf, readRecords, supervisorOf } from './supervisor/process-records.ts';

const SUPERVISOR_TIMEOUT_MS = 45_000;
const ORPHAN_TIMEOUT_MS = 10_000;

/**
 * Ends the supervisor and with it all processes; where the supervisor itself was killed, ends what it left running.
 *
 * @returns the names of the processes that ran; empty where none did.
 */
export async function stopNative(layout: Layout): Promise<readonly string[]> {
  const records = readRecords(layout.recordsFile);
  const running = processesOf(records).filter(isRunning);
  const supervisor = supervisorOf(records);
  if (supervisor) {
    await new SupervisorClient(layout.socketPath).shutDown().catch(() => {}); // the signal below does the same
    await endProcess(supervisor, SUPERVISOR_TIMEOUT_MS);
  }
  await Promise.all(running.map((each) => endProcess(each, ORPHAN_TIMEOUT_MS)));
  rmSync(layout.recordsFile, { force: true });
  rmSync(layout.socketPath, { force: true });
  return running.map(({ name }) => name);
}
