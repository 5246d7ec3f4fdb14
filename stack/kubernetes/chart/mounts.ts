import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from '../../compose/compose-file.ts';

/** What a container finds at a path, and where the chart has it from. */
export interface Mount {
  readonly path: string;
  /**
   * - `file`, `folder`: of the checkout, which `source` names
   * - `prepared`: what Compose's service prepare writes into the volume `source`, and the chart by itself
   * - `flags`: the demo's feature flags
   * - `secret`: the group `source` of secrets
   * - `data`: a volume of its own, which is kept
   * - `empty`: nothing of the chart
   * - `memory`: a temporary folder
   */
  readonly kind: 'file' | 'folder' | 'prepared' | 'flags' | 'secret' | 'data' | 'empty' | 'memory';
  readonly source: string;
}

/** Volumes that prepare fills with configuration. */
const PREPARED = [
  'alertmanager-config',
  'collector-config',
  'database-roles',
  'targets',
  'rules',
  'anomaly-rules',
  'responder-files',
  'dashboards',
];
const SECRETS = '-secrets';
/** The code's own folder cannot be mounted over, so that FLAGS_FILE says where they are. */
export const FLAGS_FOLDER = '/flags';
const FLAGS_SOURCE = './demo-app/flags';

function mount(root: string, source: string, path: string): Mount {
  if (source.startsWith(FLAGS_SOURCE)) return { path: FLAGS_FOLDER, kind: 'flags', source: 'flags' };
  if (source.startsWith('./')) {
    const file = statSync(join(root, source), { throwIfNoEntry: false });
    if (file === undefined) return { path, kind: 'empty', source: source.slice(2) };
    return { path, kind: file.isFile() ? 'file' : 'folder', source: source.slice(2) };
  }
  if (source.endsWith(SECRETS)) return { path, kind: 'secret', source: source.slice(0, -SECRETS.length) };
  return { path, kind: PREPARED.includes(source) ? 'prepared' : 'data', source };
}

/** The mounts of a service of docker-compose.yml. What Compose mounts inside of a prepared volume is part of that one. */
export function mountsOf(
  root: string,
  { volumes, tmpfs }: Pick<Service, 'volumes' | 'tmpfs'>,
): readonly Mount[] {
  const all = volumes.map((volume) => {
    const [source = '', path = ''] = volume.split(':');
    return mount(root, source, path);
  });
  const prepared = all.filter(({ kind }) => kind === 'prepared').map(({ path }) => `${path}/`);
  return [
    ...all.filter(({ path }) => !prepared.some((folder) => path.startsWith(folder))),
    ...tmpfs.map((path): Mount => ({ path, kind: 'memory', source: 'tmp' })),
  ];
}
