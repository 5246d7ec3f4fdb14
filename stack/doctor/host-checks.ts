import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { freeBytes, gigabytes } from '../disk-space.ts';
import type { PortInUse } from '../native/ports-in-use.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const GIGABYTE = 1e9;

/** What Prometheus may take, and something for the others. */
const ROOMY_BYTES = 10 * GIGABYTE;
const LEAST_BYTES = 1 * GIGABYTE;
/** Of a start with all components. */
const ROOMY_MEMORY_BYTES = 2 * GIGABYTE;
const LEAST_MEMORY_BYTES = 1 * GIGABYTE;

/** A folder or the nearest above it that is there. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

export function checkDisk(folder: string, free: (folder: string) => number = freeBytes): Finding {
  const bytes = free(existing(folder));
  const found = `${gigabytes(bytes)} free for ${folder}`;
  const cure = 'Free some, move it by AIOPS_DATA_DIR, or keep less (docs/keeping.md: what each may take)';
  if (bytes < LEAST_BYTES) return problem('disk', found, cure);
  return bytes < ROOMY_BYTES ? warning('disk', found, cure) : ok('disk', found);
}

/** Bytes that programs could still take; proc(5) has an estimate with what caches would give back. */
export function availableMemory(meminfo = '/proc/meminfo'): number | undefined {
  try {
    const [, kilobytes] = /^MemAvailable:\s+(\d+)/m.exec(readFileSync(meminfo, 'utf8')) ?? [];
    return kilobytes ? Number(kilobytes) * 1024 : undefined;
  } catch {
    return undefined;
  }
}

/** @param memory bytes; available where the system tells. What runs already has its share. */
export function checkMemory(
  running: boolean,
  memory: { readonly available: number | undefined; readonly total: number } = {
    available: availableMemory(),
    total: totalmem(),
  },
): Finding {
  const { available, total } = memory;
  const bytes = available ?? total;
  const found = available === undefined ? `${gigabytes(total)} in all` : `${gigabytes(bytes)} available`;
  const cure = 'End other programs, or start less: npm start -- --no-demo';
  if (running) return ok('memory', found);
  if (bytes < LEAST_MEMORY_BYTES) return problem('memory', found, cure);
  return bytes < ROOMY_MEMORY_BYTES ? warning('memory', found, cure) : ok('memory', found);
}

export function checkPorts(inUse: readonly PortInUse[], running: boolean): readonly Finding[] {
  if (running) return [ok('ports', 'held by the platform itself')];
  if (inUse.length === 0) return [ok('ports', 'all free')];
  return inUse.map(({ name, port, owner }) =>
    problem(
      'ports',
      `${port} (${name}) is held by ${owner ?? 'something that cannot be seen'}`,
      'End that process, change the port in .env, or shift all: AIOPS_PORT_OFFSET=10000',
    ),
  );
}

/** Data from the future: the clock was set back, and what is written now would not be taken, or not be found. */
export function checkClock(dataDir: string, nowMs: number): Finding {
  const files = ['prometheus/wal', 'incident-responder', 'anomaly-detector', '.'].flatMap((name) => {
    const folder = join(dataDir, name);
    return existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
  });
  const newest = Math.max(0, ...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
  const aheadMs = newest - nowMs;
  const now = new Date(nowMs).toISOString();
  return aheadMs < 60_000
    ? ok('clock', now)
    : problem(
        'clock',
        `${now}, and data was written ${Math.round(aheadMs / 60_000)} minutes later than that`,
        'Set the clock (timedatectl set-ntp true); or it was ahead before: wait, or npm run reset',
      );
}

export async function checkPermissions(dataDir: string, secretsDir: string): Promise<readonly Finding[]> {
  const folder = existing(dataDir);
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  const data = writable
    ? ok('permissions', `${dataDir} can be written`)
    : problem('permissions', `${folder} cannot be written`, `chown it to yourself: was it made by root?`);
  const readable = existsSync(secretsDir)
    ? ['.', ...readdirSync(secretsDir)].filter(
        (name) => (statSync(join(secretsDir, name)).mode & 0o077) !== 0,
      )
    : [];
  return [
    data,
    ...(readable.length > 0
      ? [
          problem(
            'permissions',
            `others may read of ${secretsDir}: ${readable.join(', ')}`,
            `chmod -R go= ${secretsDir}`,
          ),
        ]
      : []),
  ];
}
