import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFlagAction } from '../testing/slow-identity.ts';
import { loadActions } from './load-actions.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'actions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('the shipped actions are all right', () => {
  const actions = loadActions(join(import.meta.dirname, '..', 'actions'));
  expect([...actions.keys()]).toContain('identity-provider-off');
});

it('an action is in shadow mode unless its file says otherwise', () => {
  writeFlagAction(folder, { mode: undefined });
  expect(loadActions(folder).get('switch-off')).toMatchObject({ mode: 'shadow', minimumConfidence: 0.8 });
});

it.each<[string, Record<string, unknown>, RegExp]>([
  ['an unknown class', { class: 'HARMLESS' }, /class/],
  ['no verification', { verification: undefined }, /verification/],
  [
    'a verification that is no PromQL',
    { verification: { query: 'sum(rate(x[5m])', within: '1m' } },
    /verification\.query: found .*; possible: PromQL: syntax error/,
  ],
  [
    'a precondition that is no PromQL',
    { precondition: 'up ==' },
    /precondition: found .*; possible: PromQL: syntax error/,
  ],
  ['no rollback', { rollback: undefined }, /rollback/],
  [
    'a confidence below 80 %',
    { minimumConfidence: 0.5 },
    /switch-off\.yaml:\d+: minimumConfidence: found 0\.5; possible: 0\.8 at least/,
  ],
  ['an unknown placeholder', { precondition: 'up{job="{{job}}"}' }, /\{\{job\}\}.*one of/],
  ['a setting nobody knows', { retries: 3 }, /retries/],
  ['a command that is a shell line', { command: { kind: 'shell', line: 'rm -rf /' } }, /command/],
  [
    'a rollback its command does not have',
    { command: { kind: 'dispatch', eventType: 'x' } },
    /rollback: found .*dispatch cannot be restored/,
  ],
  [
    'something to undo that is not there',
    { undoes: 'nothing' },
    /undoes: found "nothing"; possible: the name of an action/,
  ],
])('a file with %s is refused, with its path', (_case, change, problem) => {
  writeFlagAction(folder, change);
  expect(() => loadActions(folder)).toThrow(problem);
  expect(() => loadActions(folder)).toThrow(join(folder, 'switch-off.yaml'));
});
