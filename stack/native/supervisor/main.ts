/**
 * The native engine's supervisor: a background process that runs every component and answers on a Unix socket.
 * Started by `npm start` with the path of a {@link SupervisorSpec} file; ends on SIGTERM or POST /shutdown.
 * What a killed supervisor left behind it takes over, running or not.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { GUARDED_ROUTES } from '../../guard/backends.ts';
import { startGuard } from '../../guard/guard.ts';
import { createControlServer } from './control-server.ts';
import { processStartTime } from './process-identity.ts';
import { processesOf, readRecords, supervisorOf, writeRecords } from './process-records.ts';
import { readSupervisorSpec } from './process-spec.ts';
import { watchReadiness } from './readiness.ts';
import { RotatingLog } from './rotating-log.ts';
import { SupervisedProcess } from './supervised-process.ts';

const specFile = process.argv[2];
if (!specFile) throw new Error('usage: node stack/native/supervisor/main.ts SPEC.json');
const spec = readSupervisorSpec(specFile);

const left = readRecords(spec.recordsFile);
if (supervisorOf(left)) throw new Error('another supervisor runs');
const itself = { pid: process.pid, startTime: processStartTime(process.pid) ?? '', startedAtMs: Date.now() };
const ROTATE_EVERY_MS = 5_000;
let shuttingDown = false;
/** Until all that is left was taken over, the records on disk are the only trace of it. */
let takingOver = true;

function recordAll(): void {
  if (takingOver) return;
  writeRecords(
    spec.recordsFile,
    itself,
    [...processes.values()].flatMap(({ record }) => (record ? [record] : [])),
  );
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
const logs = new Map(
  spec.processes.map(({ name }) => [name, new RotatingLog(join(spec.logDir, `${name}.log`))]),
);
const processes = new Map(
  spec.processes.map((each) => {
    const log = logs.get(each.name) as RotatingLog;
    return [each.name, new SupervisedProcess({ spec: each, log, onChange: recordAll })];
  }),
);
setInterval(() => {
  for (const log of logs.values()) log.rotateIfFull();
}, ROTATE_EVERY_MS);
const readiness = await watchReadiness({ processes, port: spec.readinessPort });
// Before the processes: they are asked whether they are ready through their guard.
for (const { backend, socketPath, port } of spec.guards)
  await startGuard({
    name: backend,
    upstream: { socketPath },
    routes: GUARDED_ROUTES[backend],
    host: '127.0.0.1',
    port,
    names: [],
    onRefused: (reason) => readiness.metrics.refused(backend, reason),
  });
const control = createControlServer({ processes, onShutdown: () => void shutDown() });
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutDown());
control.listen(spec.socketPath, () => {
  for (const record of processesOf(left)) processes.get(record.name)?.takeOver(record);
  for (const each of processes.values()) if (each.spec.autostart) each.start();
  takingOver = false;
  // With NODE_COMPILE_CACHE: now rather than at the exit, so that a supervisor that is killed has left it too.
  flushCompileCache();
  recordAll();
});
