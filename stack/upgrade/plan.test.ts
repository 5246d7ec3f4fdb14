import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planUpgrade } from './plan.ts';

let folder: string;
const git = (where: string, ...args: string[]) =>
  execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: join(folder, where),
  });
const plan = (to?: string) =>
  planUpgrade({ root: join(folder, 'here'), to, signal: new AbortController().signal });

async function commit(where: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, where, name), content);
  await git(where, 'add', '--all');
  await git(where, 'commit', '--quiet', '--message', Object.keys(files).join(' '));
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
  mkdirSync(join(folder, 'origin'));
  await git('origin', 'init', '--quiet', '--initial-branch', 'main');
  await commit('origin', { '.env': 'LOKI_VERSION=3.7.8\nTEMPO_VERSION=2.8.2\nLOKI_PORT=1\n', code: 'old' });
  await git('.', 'clone', '--quiet', 'origin', 'here');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the plan of an upgrade', () => {
  test('is empty where there is nothing new', async () => {
    expect(await plan()).toEqual({ target: 'origin/main', commits: [], versions: [], problems: [] });
  });

  test('tells commits and versions that it would bring, and changes nothing', async () => {
    await commit('origin', { '.env': 'LOKI_VERSION=3.8.0\nTEMPO_VERSION=2.8.2\nLOKI_PORT=2\n' });
    const before = (await git('here', 'rev-parse', 'HEAD')).stdout;
    expect(await plan()).toMatchObject({
      commits: [expect.stringMatching(/ \.env$/)],
      versions: [{ name: 'loki', from: '3.7.8', to: '3.8.0' }],
      problems: [],
    });
    expect((await git('here', 'rev-parse', 'HEAD')).stdout).toBe(before);
  });

  test('finds files that are changed here and there', async () => {
    await commit('origin', { code: 'new' });
    writeFileSync(join(folder, 'here', 'code'), 'mine');
    expect((await plan()).problems).toEqual([expect.stringMatching(/Changed here and there: code/)]);
  });

  test('finds commits of one’s own that the target has not', async () => {
    await commit('origin', { code: 'new' });
    await commit('here', { mine: 'mine' });
    expect((await plan()).problems).toEqual([
      expect.stringMatching(/1 commits here are not in origin\/main/),
    ]);
  });

  test('finds that the way leads back to older components', async () => {
    await git('here', 'tag', 'old');
    await commit('origin', { '.env': 'LOKI_VERSION=3.8.0\n' });
    await git('here', 'pull', '--quiet');
    expect((await plan('old')).problems).toEqual([expect.stringMatching(/Older than here: loki 3\.7\.8/)]);
  });

  test('says where there is no such version, no checkout, or no way to the remote', async () => {
    await expect(plan('v9')).rejects.toThrow('v9: there is no such version');
    await expect(planUpgrade({ root: tmpdir(), signal: new AbortController().signal })).rejects.toThrow(
      /is no git checkout/,
    );
    rmSync(join(folder, 'origin'), { recursive: true });
    expect((await plan()).problems).toEqual([expect.stringMatching(/cannot be asked for/)]);
  });
});
