import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homeFiles, homeFolder } from './home.ts';

describe('a home folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'home-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is my/ of the checkout, or where AIOPS_HOME says', () => {
    expect(homeFolder(root, {})).toBe(join(root, 'my'));
    expect(homeFolder(root, { AIOPS_HOME: '' })).toBe(join(root, 'my'));
    expect(homeFolder(root, { AIOPS_HOME: '../ours' })).toBe(join(root, '..', 'ours'));
    expect(homeFolder(root, { AIOPS_HOME: '/srv/ours' })).toBe('/srv/ours');
  });

  it('has files by the endings of its folders, and none where there is no folder', () => {
    expect(homeFiles(root, 'slos')).toEqual([]);
    mkdirSync(join(root, 'slos'));
    for (const name of ['b.yaml', 'a.yml', 'README.md', '.hidden.yaml', 'c.yaml.example'])
      writeFileSync(join(root, 'slos', name), '');
    expect(homeFiles(root, 'slos')).toEqual([join(root, 'slos', 'a.yml'), join(root, 'slos', 'b.yaml')]);
  });
});
