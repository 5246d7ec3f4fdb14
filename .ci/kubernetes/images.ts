import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, engineVersion } from '@aiops-sre/checks/compose/docker.ts';
import { eventually } from '@aiops-sre/checks/testing/stack-under-test.ts';
import { readComposeFile } from '@aiops-sre/stack/compose/compose-file.ts';
import { composePorts } from '@aiops-sre/stack/compose/environment.ts';
import type { Binaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import type { Settings } from '@aiops-sre/stack/settings.ts';
import { archiveOf, type ProgramImage } from './archive.ts';
import { containerdConfig, PAUSE, SOCKET } from './containerd.ts';
import { openMachine } from './machine.ts';

const ANSWERING_MS = 60_000;
const BUILD_MS = 20 * 60_000;
/** Profiles of what the chart has; what is in none is always there. */
const PROFILES = ['demo', 'traffic', 'grafana'];
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
    .filter(({ profiles }) => profiles.length === 0 || profiles.some((each) => PROFILES.includes(each)))
    .flatMap(({ image }) => image ?? []);
  const found = await Promise.all(
    [...new Set(wanted)].map(async (image) => {
      const id = await docker(['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => undefined);
      return id === undefined ? [] : [[image, id] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** Of programs of this host: what holds a pod's namespaces, and a stand-in of the cluster's Collectors. */
const programs = ({ versions }: Settings, binaries: Binaries): readonly ProgramImage[] => [
  { image: PAUSE, binary: BUSYBOX, name: 'busybox', args: ['sleep', 'infinity'] },
  {
    image: `otel/opentelemetry-collector-k8s:${versions.otelCollector}`,
    binary: binaries['otelcol-k8s'] ?? '',
    name: 'otelcol-k8s',
    args: [],
  },
];

function stampOf({ binary }: ProgramImage): string {
  const { size, mtimeMs } = statSync(binary);
  return `${size}-${mtimeMs}`;
}

/**
 * Brings the images of the Docker engine that answers, if one does, and those made here into a root of containerd's that is kept
 * from run to run.
 *
 * @returns that folder, and names of the images
 */
export async function fillStore(options: {
  readonly settings: Settings;
  readonly binaries: Binaries;
  readonly write: (text: string) => void;
}): Promise<{ readonly store: string; readonly images: readonly string[] }> {
  const { settings, binaries, write } = options;
  const kept = join(settings.cacheDir, 'kubernetes');
  const store = join(kept, 'images');
  // A line for each image: its name, and which one it is.
  const takenFile = join(kept, 'images.txt');
  mkdirSync(kept, { recursive: true });
  const taken = existsSync(takenFile) ? readFileSync(takenFile, 'utf8').split('\n').filter(Boolean) : [];
  const own = programs(settings, binaries);
  const now: Readonly<Record<string, string>> = {
    ...Object.fromEntries(own.map((each) => [each.image, stampOf(each)])),
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
    for (const each of own)
      if (missing.includes(each.image))
        await machine.run(...CTR, 'images', 'import', await archiveOf(each, folder));
    const others = missing.filter((image) => own.every((each) => each.image !== image));
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
