import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker } from '@aiops-sre/checks/compose/docker.ts';
import type { Binaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import type { Settings } from '@aiops-sre/stack/settings.ts';
import { execa } from 'execa';
import type { Engine } from './engine.ts';
import { makeNodeBase, nodeBaseKey } from './node-base.ts';
import { makePostgres, postgresKey } from './postgres-stand-in.ts';
import { dockerfile, STAND_IN_LABEL, type StandIn, standIns } from './stand-ins.ts';

const PULL_MS = 10 * 60_000;
const BUILD_MS = 5 * 60_000;

type ImageOrigin = 'present' | 'pulled' | 'stand-in' | 'missing';

export interface ProvidedImages {
  /** By image name with tag. */
  readonly origins: Readonly<Record<string, ImageOrigin>>;
  /** Stand-ins that this call built. */
  readonly built: readonly string[];
}

/** The stand-in key of an image that is there, `''` for upstream's own, undefined where there is none. */
async function present(engine: Engine, image: string): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${STAND_IN_LABEL}"}}`;
  return docker(['image', 'inspect', '--format', format, image], engine).then(
    (label) => (label === '<no value>' ? '' : label.trim()),
    () => undefined,
  );
}

/** A static busybox from Debian's package. */
async function busybox(folder: string, signal: AbortSignal): Promise<string> {
  await execa('apt-get', ['-qq', 'download', 'busybox-static'], { cwd: folder, cancelSignal: signal });
  await execa('bash', ['-c', 'dpkg-deb --extract busybox-static_*.deb busybox-static'], { cwd: folder });
  return join(folder, 'busybox-static', 'bin', 'busybox');
}

function standInKey(standIn: StandIn, binaries: Binaries): string {
  const digest = createHash('sha256').update(dockerfile(standIn));
  for (const name of Object.keys(standIn.binaries)) {
    const file = binaries[name] ?? '';
    const { size, mtimeMs } = statSync(file);
    digest.update(`${file} ${size} ${mtimeMs}`);
  }
  return digest.digest('hex').slice(0, 12);
}

async function buildStandIn(
  engine: Engine,
  standIn: StandIn,
  binaries: Binaries,
  signal: AbortSignal,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
  try {
    const context = join(folder, 'context');
    mkdirSync(join(context, 'empty'), { recursive: true });
    for (const name of Object.keys(standIn.binaries)) cpSync(binaries[name] ?? '', join(context, name));
    if (standIn.busybox) cpSync(await busybox(folder, signal), join(context, 'busybox'));
    writeFileSync(join(context, 'Dockerfile'), dockerfile(standIn));
    const label = `${STAND_IN_LABEL}=${standInKey(standIn, binaries)}`;
    await docker(['build', '--quiet', '--label', label, '--tag', standIn.image, context], {
      ...engine,
      timeoutMs: BUILD_MS,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Sees to it that every image docker-compose.yml starts from is in the engine: there already, pulled, or else a
 * stand-in. Grafana, of which there is no package to make a stand-in of, may stay missing.
 */
export async function provideImages(options: {
  readonly engine: Engine;
  readonly settings: Settings;
  readonly binaries: () => Promise<Binaries>;
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
}): Promise<ProvidedImages> {
  const { engine, settings, signal, write } = options;
  const { root, versions } = settings;
  const origins: Record<string, ImageOrigin> = {};
  const built: string[] = [];

  const provide = async (
    image: string,
    key: (() => Promise<string>) | undefined,
    make: () => Promise<void>,
  ) => {
    signal.throwIfAborted();
    const found = await present(engine, image);
    if (found === '') {
      origins[image] = 'present';
      return;
    }
    const pulled =
      found === undefined &&
      (await docker(['pull', '--quiet', image], { ...engine, timeoutMs: PULL_MS }).then(
        () => true,
        () => false,
      ));
    if (pulled) {
      origins[image] = 'pulled';
    } else if (!key) {
      origins[image] = 'missing';
    } else {
      if (found !== (await key())) {
        write(`${image}: building a stand-in.`);
        await make();
        built.push(image);
      }
      origins[image] = 'stand-in';
    }
  };

  for (const standIn of standIns(settings)) {
    await provide(
      standIn.image,
      async () => standInKey(standIn, await options.binaries()),
      async () => buildStandIn(engine, standIn, await options.binaries(), signal),
    );
  }
  const node = `node:${versions.node}-bookworm-slim`;
  await provide(
    node,
    async () => nodeBaseKey(node),
    () => makeNodeBase({ engine, root, image: node, signal }),
  );
  const postgres = `postgres:${versions.postgres}-alpine`;
  await provide(
    postgres,
    async () => postgresKey(node),
    () => makePostgres({ engine, image: postgres, node }),
  );
  await provide(grafanaImage(settings), undefined, async () => {});
  return { origins, built };
}

export function grafanaImage({ versions }: Pick<Settings, 'versions'>): string {
  return `grafana/grafana:${versions.grafana}`;
}
