import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { docker } from '@aiops-sre/checks/compose/docker.ts';
import { execa } from 'execa';
import type { Engine } from './engine.ts';
import { STAND_IN_LABEL } from './stand-ins.ts';

const DEBIAN_RELEASE = 'bookworm';
const DEBIAN_MIRROR = 'http://deb.debian.org/debian';
const BOOTSTRAP_MS = 10 * 60_000;
/** Where the certificates of this host are in the base: its builds reach the registry as this host does. */
const HOST_CERTIFICATES = '/usr/local/share/ca-certificates/host.crt';

/** npm's own folder, beside whichever npm is on the PATH. */
async function npmFolder(): Promise<string> {
  const { stdout } = await execa('which', ['npm']);
  return dirname(dirname(realpathSync(stdout)));
}

/**
 * Makes the image the Dockerfile builds on out of packages: Debian by debootstrap, Node from the npm package `node`,
 * npm from this host. Needs root.
 */
export async function makeNodeBase(options: {
  readonly engine: Engine;
  readonly root: string;
  readonly image: string;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { engine, root, image, signal } = options;
  const installed = await execa('which', ['debootstrap'], { reject: false });
  if (installed.failed) {
    await execa('apt-get', ['-qq', 'update'], { cancelSignal: signal });
    await execa('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'debootstrap'], {
      cancelSignal: signal,
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'node-base-'));
  const base = join(folder, 'base');
  try {
    await execa('debootstrap', ['--variant=minbase', DEBIAN_RELEASE, base, DEBIAN_MIRROR], {
      cancelSignal: signal,
      timeout: BOOTSTRAP_MS,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (const clutter of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man'])
      rmSync(join(base, clutter), { recursive: true, force: true });
    cpSync(join(root, 'node_modules', 'node', 'bin', 'node'), join(base, 'usr/local/bin/node'));
    mkdirSync(join(base, 'usr/local/lib/node_modules'), { recursive: true });
    cpSync(await npmFolder(), join(base, 'usr/local/lib/node_modules/npm'), { recursive: true });
    await execa('ln', ['-s', '../lib/node_modules/npm/bin/npm-cli.js', join(base, 'usr/local/bin/npm')]);
    const certificates = '/etc/ssl/certs/ca-certificates.crt';
    if (existsSync(certificates)) {
      mkdirSync(dirname(join(base, HOST_CERTIFICATES)), { recursive: true });
      cpSync(certificates, join(base, HOST_CERTIFICATES), { dereference: true });
    }
    const archive = join(folder, 'base.tar');
    await execa('tar', ['-C', base, '-cf', archive, '.'], { cancelSignal: signal });
    await docker(
      [
        ...['import', '--change', `ENV NODE_EXTRA_CA_CERTS=${HOST_CERTIFICATES}`],
        ...['--change', `LABEL ${STAND_IN_LABEL}=${nodeBaseKey(image)}`, '--change', 'CMD ["node"]'],
        ...[archive, image],
      ],
      { ...engine, timeoutMs: BOOTSTRAP_MS },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Changes with the recipe above and with the certificates in the base. */
export function nodeBaseKey(image: string): string {
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  return createHash('sha256')
    .update(image)
    .update(readFileSync(import.meta.filename))
    .update(existsSync(certificates) ? readFileSync(certificates) : '')
    .digest('hex')
    .slice(0, 12);
}
