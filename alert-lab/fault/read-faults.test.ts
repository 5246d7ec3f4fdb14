import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVersions } from '@aiops-sre/demo-app/versions/versions.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readFaults } from './read-faults.ts';

const repository = join(import.meta.dirname, '..', '..');
const shipped = readFaults(join(repository, 'alert-lab', 'faults'));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faults-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fault(text: string) {
  writeFileSync(join(folder, 'mine.yaml'), text);
  return readFaults(folder)[0]!;
}

const MINE = `
description: identity fails
users: Pages fail.
begin:
  - faults: { instance: identity, inject: { errorRatio: 1 } }
limit: 6m
truth: { service: [identity], cause: [service] }
expect: { alerts: [{ service: identity }], detectedWithin: 90s }
`;

describe('a fault', () => {
  it('is what its file says, times in seconds; it changes nothing, may not heal and nothing may act unless it says so', () => {
    expect(fault(MINE)).toMatchObject({
      name: 'mine',
      kind: 'fault',
      limit: 360,
      truth: { change: 'none' },
      expect: { detectedWithin: 90, actions: [], mayHeal: false },
      weight: 1,
    });
  });

  it.each([
    [
      'a deed of two kinds',
      MINE.replace('begin:\n  - ', 'begin:\n  - stop: [identity]\n    '),
      /begin\[?.?0/,
    ],
    ['a fault that the demo does not take', MINE.replace('errorRatio: 1', 'errorRatio: 2'), /errorRatio/],
    ['an unknown instance', MINE.replace('instance: identity', 'instance: nowhere'), /instance/],
    ['a cause that the responder does not know', MINE.replace('[service] }', '[moon] }'), /cause/],
    ['a fault without a truth', MINE.replace(/truth.*\n/, ''), /truth/],
    ['a fault that nothing tells of', MINE.replace(/expect.*\n/, ''), /alerts/],
    ['something harmless with a truth', `${MINE}kind: harmless\n`, /truth/],
    ['one that heals without a sign of it', MINE.replace('90s }', '90s, mayHeal: true }'), /healed/],
    ['an unknown field', `${MINE}colour: red\n`, /colour/],
  ])('with %s is refused', (_what, text, problem) => {
    expect(text).not.toBe(MINE);
    expect(() => fault(text)).toThrow(problem);
  });
});

describe('the shipped faults', () => {
  it('name actions that there are', () => {
    const actions = readdirSync(join(repository, 'incident-responder', 'actions'));
    for (const { name, expect: expected } of shipped)
      for (const action of expected.actions) expect(actions, name).toContain(`${action}.yaml`);
  });

  it('name flags that there are, and variants of them', () => {
    const { flags } = parse(readFileSync(join(repository, 'demo-app', 'flags', 'demo.flagd.json'), 'utf8'));
    for (const { name, begin } of shipped)
      for (const { setFlags = {} } of begin)
        for (const [flag, variant] of Object.entries(setFlags))
          expect(Object.keys(flags[flag]?.variants ?? {}), name).toContain(variant);
  });

  it('name versions that there are', () => {
    const versions = readVersions();
    for (const { name, begin } of shipped)
      for (const { deploy } of begin)
        if (deploy) expect([...versions.keys()], name).toContain(deploy.version);
  });

  it('last no longer than what they inject', () => {
    for (const { name, begin, limit } of shipped)
      for (const { faults } of begin)
        if (faults) expect(faults.inject.durationSeconds, name).toBeGreaterThan(limit + 60);
  });

  it('can be detected before they are ended', () => {
    for (const { name, expect: expected, limit } of shipped)
      if (expected.detectedWithin) expect(expected.detectedWithin, name).toBeLessThan(limit);
  });
});
