import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StatusReport } from '../status/status-report.ts';
import type { Finding } from './finding.ts';
import {
  availableMemory,
  checkClock,
  checkDisk,
  checkMemory,
  checkPermissions,
  checkPorts,
} from './host-checks.ts';
import { checkComponents, checkNode } from './platform-checks.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const states = (findings: readonly Finding[]) => findings.map(({ state }) => state);

describe('the doctor, of the host,', () => {
  test('finds a disk that is full, and one that will be, also for a folder that is still to be made', () => {
    const free = (bytes: number) => checkDisk(join(folder, 'not', 'yet'), () => bytes);
    expect(free(0.5e9)).toMatchObject({ state: 'problem', cure: expect.stringContaining('AIOPS_DATA_DIR') });
    expect(free(5e9).state).toBe('warning');
    expect(free(50e9).state).toBe('ok');
    expect(checkDisk(join(folder, 'not', 'yet')).found).toMatch(/GB free/);
  });

  test('finds too little memory for a start, and asks for none once all runs', () => {
    const checked = (available: number | undefined, running = false) =>
      checkMemory(running, { available, total: 16e9 });
    expect(checked(0.5e9)).toMatchObject({ state: 'problem', found: '0.5 GB available' });
    expect(checked(1.5e9).state).toBe('warning');
    expect(checked(0.5e9, true).state).toBe('ok');
    expect(checked(undefined).found).toBe('16.0 GB in all');
    writeFileSync(join(folder, 'meminfo'), 'MemTotal: 9 kB\nMemAvailable:    2048 kB\n');
    expect(availableMemory(join(folder, 'meminfo'))).toBe(2048 * 1024);
    expect(availableMemory(join(folder, 'none'))).toBeUndefined();
  });

  test('names a port that another program holds', () => {
    const held = { name: 'tempo', port: 3200, owner: 'pid 7 (other)' };
    expect(checkPorts([held], false)).toMatchObject([
      { state: 'problem', found: '3200 (tempo) is held by pid 7 (other)' },
    ]);
    expect(states([...checkPorts([], false), ...checkPorts([held], true)])).toEqual(['ok', 'ok']);
  });

  test('finds data from the future', () => {
    mkdirSync(join(folder, 'prometheus', 'wal'), { recursive: true });
    const file = join(folder, 'prometheus', 'wal', '00000001');
    writeFileSync(file, '');
    const nowMs = Date.now();
    expect(checkClock(folder, nowMs).state).toBe('ok');
    utimesSync(file, new Date(), new Date(nowMs + 3_600_000));
    expect(checkClock(folder, nowMs)).toMatchObject({
      state: 'problem',
      found: expect.stringContaining('60 minutes later'),
    });
    expect(checkClock(join(folder, 'none'), nowMs).state).toBe('ok');
  });

  test('finds secrets that others may read', async () => {
    const secrets = join(folder, 'secrets');
    mkdirSync(secrets, { mode: 0o700 });
    writeFileSync(join(secrets, 'otlp-key'), 'x', { mode: 0o600 });
    expect(states(await checkPermissions(folder, secrets))).toEqual(['ok']);
    chmodSync(join(secrets, 'otlp-key'), 0o644);
    expect(await checkPermissions(folder, secrets)).toMatchObject([
      {},
      { state: 'problem', found: expect.stringContaining('otlp-key'), cure: `chmod -R go= ${secrets}` },
    ]);
  });

  test('knows the pinned Node from another', () => {
    expect(checkNode('24.21.0', '24.21.0').state).toBe('ok');
    expect(checkNode('24.21.0', '22.1.0')).toMatchObject({
      state: 'warning',
      found: '22.1.0, expected 24.21.0',
    });
  });
});

describe('the doctor, of the platform,', () => {
  const component = { name: 'loki', state: 'running', ready: true, crashes: 0 };
  const report = (components: readonly object[], alerts: readonly string[] = []) =>
    ({
      engine: 'native',
      components,
      alerts: alerts.map((alertname) => ({ labels: { alertname } })),
    }) as unknown as StatusReport;

  test.each([
    ['one that is not ready', { ready: false }, 'problem', /not ready/],
    ['one that is stopped', { state: 'stopped', ready: false }, 'problem', /is stopped/],
    ['one that nobody watches', { state: 'unwatched' }, 'warning', /unwatched/],
    ['one that ended', { crashes: 2 }, 'warning', /ended 2 times/],
  ])('finds %s', (_, change, state, found) => {
    const [first] = checkComponents(report([{ ...component, ...change }]));
    expect(first).toMatchObject({ check: 'components', state });
    expect(first?.found).toMatch(found);
  });

  test('passes on that the period of SLOs is being cut short', () => {
    expect(checkComponents(report([component], ['RetentionCutShort']))).toMatchObject([
      { state: 'ok' },
      { check: 'retention', state: 'warning' },
    ]);
  });

  test('has nothing to say where nothing runs, or all is ready', () => {
    expect(states([...checkComponents(undefined), ...checkComponents(report([component]))])).toEqual([
      'ok',
      'ok',
    ]);
  });
});
