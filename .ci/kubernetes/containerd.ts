import { copyFileSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** Where Debian has CNI's. */
export const NETWORK_PLUGINS = '/usr/lib/cni';
export const SOCKET = '/run/containerd/containerd.sock';
/** What pods' namespaces are held by. */
export const PAUSE = 'localhost/pause:1';
/** Written in place by containerd, while all other files of a store stay as they are or go. */
const DATABASES = 'io.containerd.*/*.db';
const COPY_MS = 300_000;

/**
 * @param options.root where images and what containers write are
 * @param options.network folder of CNI's configuration
 */
export const containerdConfig = ({ root, network }: { readonly root: string; readonly network: string }) => `
version = 2
root = "${root}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE}"
  # Below its own is not allowed where there is no CAP_SYS_RESOURCE.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${NETWORK_PLUGINS}"
    conf_dir = "${network}"
`;

/** A root of containerd's with the images of another, by hard links: seconds, and no disk, for a node. */
export async function cloneStore(store: string, root: string): Promise<void> {
  rmSync(root, { recursive: true, force: true });
  await execa('cp', ['--archive', '--link', store, root], { timeout: COPY_MS });
  for (const database of globSync(DATABASES, { cwd: store })) {
    rmSync(join(root, database));
    copyFileSync(join(store, database), join(root, database));
  }
}
