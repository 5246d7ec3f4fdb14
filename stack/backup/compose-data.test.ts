import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { layout as layoutOf } from '../native/layout.ts';
import { Progress } from '../progress.ts';
import { readSettings } from '../settings.ts';
import { writeBackup } from './backup.ts';
import { composeData } from './compose-data.ts';
import { HOME, nativeData } from './native-data.ts';
import { openBackup, restoreBackup } from './restore.ts';

const repository = dirname(dirname(import.meta.dirname));
const progress = new Progress(() => {});
const { signal } = new AbortController();
let root: string;

/** A `docker` whose volumes are folders, and whose containers are processes. What it was told is in `asked`. */
function installDocker(): void {
  const script = `#!/bin/sh
echo "$@" >> "${root}/asked"
case "$1 $2" in
  "compose --profile") [ "$4" = down ] || echo '{"volumes":{"prometheus":{"name":"p_prometheus"},"loki":{"name":"p_loki"},"telemetry-secrets":{"name":"p_telemetry-secrets"},"history":{"name":"p_history"}}}' ;;
  "volume ls") ls "${root}/volumes" ;;
  "compose ps") echo prometheus ;;
  "run --rm")
    while [ "$1" != --volume ]; do shift; done
    name=\${2%%:*}
    while [ "$1" != stack/backup/volume/main.ts ]; do shift; done
    VOLUME="${root}/volumes/$name" exec "${process.execPath}" "${repository}/stack/backup/volume/main.ts" "$2" "$(id -u):$(id -g)" ;;
esac
`;
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin', 'docker'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${join(root, 'bin')}${delimiter}${process.env.PATH}`);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'compose-data-'));
  installDocker();
  write('volumes/p_prometheus/wal/00000001', 'before', 0o600);
  write('volumes/p_loki/chunks/a', 'before');
  write('volumes/p_telemetry-secrets/otlp-key', 'before', 0o600);
  write('volumes/p_history/text', 'made anew at each start');
  write('my/slos/ours.yaml', 'before');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

function write(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
}
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const asked = () => read('asked').split('\n');

const settings = () => readSettings(repository, { AIOPS_DATA_DIR: join(root, 'data') });
const store = () =>
  composeData({
    settings: settings(),
    onHost: nativeData({
      layout: layoutOf(settings()),
      dataDir: join(root, 'data'),
      homeDir: join(root, 'my'),
      known: [HOME],
      progress,
      signal,
    }),
  });
const file = () => join(root, 'backup.tar');
const backUp = (secrets = false) =>
  writeBackup({
    file: file(),
    store: store(),
    engine: 'compose',
    secrets,
    settings: settings(),
    platform: '0.1.0',
    progress,
    signal,
  });
async function restore(changed: Partial<ReturnType<typeof store>> = {}): Promise<readonly string[]> {
  const backup = await openBackup({ file: file(), folder: root, versions: settings().versions });
  return restoreBackup({ backup, store: { ...store(), ...changed }, progress, signal }).finally(backup.close);
}

function changeAll(): void {
  write('volumes/p_prometheus/wal/00000001', 'since then');
  write('volumes/p_prometheus/wal/00000002', 'since then');
  write('volumes/p_loki/chunks/a', 'since then');
  write('volumes/p_telemetry-secrets/otlp-key', 'since then');
  write('my/slos/ours.yaml', 'since then');
}

describe('volumes of Compose', () => {
  test('are backed up, each while its service stands still, and restored with the home folder', async () => {
    const { parts } = await backUp();
    expect(parts.map(({ name }) => name)).toEqual(['prometheus', 'loki', 'home']);
    const stops = asked().filter((line) => /^compose (stop|start)/.test(line));
    expect(stops).toEqual(['compose stop prometheus', 'compose start --wait prometheus']);
    changeAll();
    expect(await restore()).toEqual([]);
    expect(read('volumes/p_prometheus/wal/00000001')).toBe('before');
    expect(statSync(join(root, 'volumes/p_prometheus/wal/00000001')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(root, 'volumes/p_prometheus/wal/00000002'))).toBe(false);
    expect(read('volumes/p_loki/chunks/a')).toBe('before');
    expect(read('my/slos/ours.yaml')).toBe('before');
    expect(read('volumes/p_telemetry-secrets/otlp-key')).toBe('since then');
    expect(readdirSync(join(root, 'volumes/p_loki'))).toEqual(['chunks']);
    // Before volumes change, nothing that has them runs any more.
    const down = asked().indexOf('compose --profile * down');
    expect(down).toBeGreaterThan(asked().findIndex((line) => line.includes('main.ts stage')));
    expect(down).toBeLessThan(asked().findIndex((line) => line.includes('main.ts commit')));
  });

  test('of secrets are in it where that was asked for', async () => {
    await backUp(true);
    changeAll();
    await restore();
    expect(read('volumes/p_telemetry-secrets/otlp-key')).toBe('before');
  });

  test('are as they were where a part cannot be unpacked', async () => {
    await backUp();
    changeAll();
    const { stage } = store();
    const failing = async (part: string, from: string) => {
      if (part === 'loki') throw new Error('no room');
      await stage(part, from);
    };
    await expect(restore({ stage: failing })).rejects.toThrow('no room');
    expect(read('volumes/p_prometheus/wal/00000001')).toBe('since then');
    expect(asked()).not.toContain('compose --profile * down');
  });
});
