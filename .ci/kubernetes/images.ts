import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, engineVersion } from '@aiops-sre/checks/compose/docker.ts';
import { eventually } from '@aiops-sre/checks/testing/stack-under-test.ts';
import { readComposeFile } from '@aiops-sre/stack/compose/compose-file.ts';
import { composePorts } from '@aiops-sre/stack/compose/environment.ts';
import type { Settings } from '@aiops-sre/stack/settings.ts';
import { execa } from 'execa';
import { containerdConfig, PAUSE, SOCKET } from './containerd.ts';
import { openMachine } from './machine.ts';

const ANSWERING_MS = 60_000;
const BUILD_MS = 20 * 60_000;
/** Parts whose images are not asked for here. */
const LEFT_OUT = ['k6', 'canary'];
const CTR = ['ctr', '--address', SOCKET, '--namespace', 'k8s.io'] as const;
const BUSYBOX = '/bin/busybox';

/** Of the Docker engine's images that docker-compose.yml starts from, ours built anew: what each is now. Empty where none answers. */
async function engineImages(settings: Settings): Promise<Readonly<Record<string, string>>> {
  if ((await engineVersion()) === undefined) return {};
  await docker(['compose', '--profile', 'demo', 'build', '--quiet'], {
    cwd: settings.root,
    environment: composePorts(settings),
    timeoutMs: BUILD_MS,
  });
  const { services } = readComposeFile(settings.root, 'docker-compose.yml', composePorts(settings));
  const wanted = Object.values(services)
    .filter(({ profiles }) => !profiles.some((each) => LEFT_OUT.includes(each)))
    .flatMap(({ image }) => image ?? []);
  const found = await Promise.all(
    [...new Set(wanted)].map(async (image) => {
      const id = await docker(['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => undefined);
      return id === undefined ? [] : [[image, id] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** An image that holds a pod's namespaces and does nothing, as an archive. */
async function pauseArchive(folder: string): Promise<string> {
  const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
  copyFileSync(BUSYBOX, join(folder, 'busybox'));
  await execa('tar', ['-cf', 'layer.tar', '--mtime=@0', '--owner=0', '--group=0', 'busybox'], {
    cwd: folder,
  });
  const architecture = { x64: 'amd64' }[process.arch as string] ?? process.arch;
  const config = {
    architecture,
    os: 'linux',
    config: { Entrypoint: ['/busybox', 'sleep', 'infinity'], User: '65534:65534' },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(join(folder, 'layer.tar'))}`] },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: [PAUSE], Layers: ['layer.tar'] }];
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const files = ['manifest.json', 'config.json', 'layer.tar'];
  await execa('tar', ['-cf', 'pause.tar', ...files], { cwd: folder });
  return join(folder, 'pause.tar');
}

/**
 * Brings the images of the Docker engine that answers, if one does, into a root of containerd's that is kept from run to run.
 *
 * @returns that folder, and names of the images
 */
export async function fillStore(options: {
  readonly settings: Settings;
  readonly write: (text: string) => void;
}): Promise<{ readonly store: string; readonly images: readonly string[] }> {
  const { settings, write } = options;
  const kept = join(settings.cacheDir, 'kubernetes');
  const store = join(kept, 'images');
  // A line for each image: its name, and which one it is.
  const takenFile = join(kept, 'images.txt');
  mkdirSync(kept, { recursive: true });
  const taken = existsSync(takenFile) ? readFileSync(takenFile, 'utf8').split('\n').filter(Boolean) : [];
  const now: Readonly<Record<string, string>> = {
    [PAUSE]: String(readFileSync(BUSYBOX).length),
    ...(await engineImages(settings)),
  };
  const images = Object.keys(now);
  const missing = images.filter((image) => !taken.includes(`${image} ${now[image]}`));
  if (missing.length === 0) return { store, images };

  write(`Taking ${missing.join(', ')} into ${store}.`);
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  const machine = await openMachine('images', folder);
  try {
    mkdirSync('/run/containerd', { recursive: true });
    await machine.run('mount', '-t', 'tmpfs', 'tmpfs', '/run/containerd');
    const config = join(folder, 'containerd.toml');
    writeFileSync(config, containerdConfig({ root: store, network: folder }));
    machine.start('containerd', '--config', config);
    await eventually('containerd', ANSWERING_MS, () => machine.run(...CTR, 'version'));
    if (missing.includes(PAUSE)) await machine.run(...CTR, 'images', 'import', await pauseArchive(folder));
    const others = missing.filter((image) => image !== PAUSE);
    const piped = `set -o pipefail; docker save "$@" | ${CTR.join(' ')} images import -`;
    if (others.length > 0) await machine.run('bash', '-c', piped, 'bash', ...others);
    const unasked = taken.filter((line) => !images.includes(line.split(' ')[0] ?? ''));
    const lines = [...unasked, ...images.map((image) => `${image} ${now[image]}`)];
    writeFileSync(takenFile, `${lines.join('\n')}\n`);
    return { store, images };
  } finally {
    await machine.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
