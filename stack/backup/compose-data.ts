import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { z } from 'zod';
import { readComposeFile } from '../compose/compose-file.ts';
import { composeDown, composeServices } from '../compose/docker.ts';
import { composePorts } from '../compose/environment.ts';
import type { Settings } from '../settings.ts';
import type { DataStore } from './data-store.ts';
import { KEPT_DATA } from './manifest.ts';
import { HOME } from './native-data.ts';

const IMAGE = 'aiops-sre-observability/stack';
const SECRETS = /-secrets$/;
/** Of what prepare writes. */
const PREPARED_BY = '65534:65534';

const configSchema = z.object({ volumes: z.record(z.string(), z.object({ name: z.string() })) });

/** Data of the Compose engine: the named volumes of the components and of the secrets, and the home folder of this host. */
export function composeData(options: {
  readonly settings: Settings;
  /** What is a folder of this host. */
  readonly onHost: DataStore;
}): DataStore {
  const { settings, onHost } = options;
  const { services } = readComposeFile(settings.root);
  const staged = new Set<string>();
  const docker = (args: readonly string[]) =>
    execa('docker', args, { cwd: settings.root, env: composePorts(settings), stdin: 'ignore' });
  const ownerOf = (part: string) =>
    SECRETS.test(part) ? PREPARED_BY : (services[part]?.user ?? PREPARED_BY);

  let names: Promise<ReadonlyMap<string, string>> | undefined;
  /** Names of the volumes by their key in docker-compose.yml. */
  function volumes(): Promise<ReadonlyMap<string, string>> {
    names ??= docker(['compose', '--profile', '*', 'config', '--format', 'json']).then(({ stdout }) => {
      const config = configSchema.parse(JSON.parse(stdout));
      return new Map(Object.entries(config.volumes).map(([key, { name }]) => [key, name]));
    });
    return names;
  }
  async function existing(wanted: (key: string) => boolean): Promise<string[]> {
    const { stdout } = await docker(['volume', 'ls', '--quiet']);
    const present = new Set(stdout.split('\n'));
    return [...(await volumes())].flatMap(([key, name]) => (wanted(key) && present.has(name) ? [key] : []));
  }
  async function inVolume(part: string, mode: 'ro' | 'rw', args: readonly string[]): Promise<string[]> {
    const volume = `${(await volumes()).get(part)}:/volume:${mode}`;
    // The files of each component belong to a user of its own, and are readable by it alone.
    const alone = [
      '--network',
      'none',
      '--read-only',
      '--user',
      '0:0',
      '--security-opt',
      'no-new-privileges:true',
    ];
    const main = ['--entrypoint', '/usr/local/bin/node', IMAGE, 'stack/backup/volume/main.ts', ...args];
    return ['run', '--rm', '--interactive', ...alone, '--volume', volume, ...main];
  }
  const isKept = (key: string) => Object.hasOwn(KEPT_DATA, key);

  return {
    parts: async () => [...(await existing(isKept)), ...(await onHost.parts())],
    secretParts: () => existing((key) => SECRETS.test(key)),
    accepts: (part) => isKept(part) || part === HOME || SECRETS.test(part),
    // Not to be told without reading all of it; a full disk ends the backup as cleanly.
    bytes: async () => 0,
    async pack(part, file) {
      if (part === HOME) return await onHost.pack(part, file);
      const wasRunning = (await composeServices(settings)).includes(part);
      if (wasRunning) await docker(['compose', 'stop', part]);
      try {
        const packing = execa('docker', await inVolume(part, 'ro', ['pack']), {
          stdin: 'ignore',
          encoding: 'buffer',
          buffer: { stdout: false },
        });
        await Promise.all([pipeline(packing.stdout, createWriteStream(file)), packing]);
      } finally {
        if (wasRunning) await docker(['compose', 'start', '--wait', part]);
      }
    },
    async stage(part, file) {
      if (part === HOME) return await onHost.stage(part, file);
      // Volumes that Compose knows as its own, also on a host where nothing ran yet.
      if (staged.size === 0) await docker(['compose', 'create', '--build']);
      const unpacking = execa('docker', await inVolume(part, 'rw', ['stage', ownerOf(part)]), {
        stdin: 'pipe',
      });
      staged.add(part);
      await Promise.all([pipeline(createReadStream(file), unpacking.stdin), unpacking]);
    },
    async commit() {
      await composeDown(settings, { volumes: false });
      const replaced = new Set([...(await existing(isKept)), ...staged]);
      // A group of its own: Ctrl-C, which the terminal sends to all, is not for it.
      for (const part of replaced)
        await execa('docker', await inVolume(part, 'rw', ['commit', ownerOf(part)]), {
          stdin: 'ignore',
          detached: true,
        });
      staged.clear();
      await onHost.commit();
    },
    async abandon() {
      for (const part of staged) await docker(await inVolume(part, 'rw', ['abandon']));
      await onHost.abandon();
    },
  };
}
