/**
 * The native engine's supervisor: a background process that runs every component and answers on a Unix socket.
 * Started by `npm start` with the path of a {@link supervisorSpecSchema} file; ends on SIGTERM or POST /shutdown.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createControlServer } from './control-server.ts';
import { processStartTime } from './process-identity.ts';
import { type ProcessRecords, supervisorSpecSchema } from './process-spec.ts';
import { RotatingLog } from './rotating-log.ts';
import { SupervisedProcess } from './supervised-process.ts';

const specFile = process.argv[2];
if (!specFile) throw new Error('usage: node stack/native/supervisor/main.ts SPEC.json');
const spec = supervisorSpecSchema.parse(JSON.parse(readFileSync(specFile, 'utf8')));

const startTime = processStartTime(process.pid) ?? '';
let shuttingDown = false;

function writeRecords(): void {
  const records: ProcessRecords = [{ name: 'supervisor', pid: process.pid, startTime }];
  for (const { status } of processes.values()) {
    const started = status.pid && processStartTime(status.pid);
    if (status.pid && started) records.push({ name: status.name, pid: status.pid, startTime: started });
  }
  // Renamed into place: a reader sees the old list or the new one, never half of one.
  writeFileSync(`${spec.recordsFile}.tmp`, JSON.stringify(records, undefined, 2));
  renameSync(`${spec.recordsFile}.tmp`, spec.recordsFile);
}

async function shutDown(): Promise<void> {
  if (shuttingDown) return;
  shuttingDown = true;
  await Promise.all([...processes.values()].map((each) => each.stop()));
  control.close();
  control.closeAllConnections();
  rmSync(spec.socketPath, { force: true });
  rmSync(spec.recordsFile, { force: true });
  process.exit(0);
}

mkdirSync(spec.logDir, { recursive: true });
mkdirSync(dirname(spec.socketPath), { recursive: true, mode: 0o700 });
rmSync(spec.socketPath, { force: true });
const processes = new Map(
  spec.processes.map((each) => [
    each.name,
    new SupervisedProcess({
      spec: each,
      log: new RotatingLog(join(spec.logDir, `${each.name}.log`)),
      onChange: writeRecords,
    }),
  ]),
);
const control = createControlServer({ processes, onShutdown: () => void shutDown() });
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutDown());
control.listen(spec.socketPath, () => {
  writeRecords();
  for (const each of processes.values()) if (each.spec.autostart) each.start();
});
