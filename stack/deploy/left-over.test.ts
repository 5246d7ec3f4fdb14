import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { readFlagDocument, withDefaultVariant } from '@aiops-sre/service-kit/flags/flag-document.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Layout, layout as layoutOf } from '../native/layout.ts';
import { readSettings, type Settings } from '../settings.ts';
import { deploymentRecords } from './deployment-record.ts';
import { endLeftOverDeployment } from './left-over.ts';
import { rememberVersion, stableVersion } from './storefront-version.ts';

const root = join(import.meta.dirname, '..', '..');
const shipped = readFileSync(join(root, 'demo-app/flags/demo.flagd.json'), 'utf8');
let dataDir: string;
let settings: Settings;
let layout: Layout;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'deployment-'));
  settings = readSettings(root, { AIOPS_DATA_DIR: dataDir });
  layout = layoutOf(settings);
  mkdirSync(dirname(layout.flagsFile), { recursive: true });
  writeFileSync(layout.flagsFile, shipped);
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const share = () =>
  readFlagDocument(readFileSync(layout.flagsFile, 'utf8')).flags.get(FLAGS.storefrontCanaryPercent)?.variant;
const lead = (percent: string) =>
  writeFileSync(layout.flagsFile, withDefaultVariant(shipped, FLAGS.storefrontCanaryPercent, percent));

describe('the record of a deployment', () => {
  it('is that of one at a time, and of a command that runs', () => {
    const records = deploymentRecords(layout.deployDir);
    expect(records.read()).toBeUndefined();
    records.claim('1.1.0', '1.0.0');
    records.step(50);
    const left = records.read();
    expect(left).toMatchObject({ version: '1.1.0', previous: '1.0.0', step: 50, pid: process.pid });
    expect(left && records.isAlive(left)).toBe(true);
    expect(left && records.isAlive({ ...left, startTime: '1' })).toBe(false);
    expect(() => deploymentRecords(layout.deployDir).claim('1.2.0', '1.0.0')).toThrow(
      'a deployment of 1.1.0 runs',
    );
    records.release();
    records.claim('1.2.0', '1.0.0');
  });

  it('that cannot be read says so', () => {
    mkdirSync(layout.deployDir, { recursive: true });
    writeFileSync(join(layout.deployDir, 'deployment.json'), '{"version": 1}');
    expect(() => deploymentRecords(layout.deployDir).read()).toThrow(
      /deployment\.json: cannot be read as the record of a deployment/,
    );
  });

  it('leaves a line of each event, of which the last are told', () => {
    const records = deploymentRecords(layout.deployDir);
    expect(records.past(5)).toEqual([]);
    records.log({ event: 'started', version: '1.1.0' });
    records.log({ event: 'overridden', version: '1.1.0', detail: 'me@here: it has to' });
    expect(records.past(1)).toMatchObject([{ event: 'overridden', detail: 'me@here: it has to' }]);
  });
});

describe('a start after a deployment that was cut off', () => {
  it('leads nobody to a canary that does not run', () => {
    lead('10');
    deploymentRecords(layout.deployDir).claim('1.2.0', '1.0.0');
    expect(endLeftOverDeployment(layout, layout.flagsFile)).toBe(
      'The deployment of 1.2.0 was cut off; the storefront has 1.0.0.',
    );
    expect(share()).toBe('none');
    expect(endLeftOverDeployment(layout, layout.flagsFile)).toBeUndefined();
    expect(deploymentRecords(layout.deployDir).past(1)).toMatchObject([{ event: 'cleaned up' }]);
  });

  it('has the version before one that was not promoted to its end', async () => {
    const records = deploymentRecords(layout.deployDir);
    records.claim('1.2.0', '1.1.0');
    records.step('promoting');
    await rememberVersion(layout, 'storefront', '1.2.0');
    endLeftOverDeployment(layout, layout.flagsFile);
    expect(stableVersion(settings)).toBe('1.1.0');
  });

  it('keeps a version that was promoted', async () => {
    expect(stableVersion(settings)).toBe('1.0.0');
    await rememberVersion(layout, 'storefront', '1.1.0');
    expect(endLeftOverDeployment(layout, layout.flagsFile)).toBeUndefined();
    expect(stableVersion(settings)).toBe('1.1.0');
  });
});
