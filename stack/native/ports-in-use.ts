import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { execa } from 'execa';

export interface PortInUse {
  readonly name: string;
  readonly port: number;
  /** `pid 123 (node server.js)`, or undefined where the system does not tell this user. */
  readonly owner: string | undefined;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(new Error(`port ${port}: cannot listen on 127.0.0.1: ${error.message}`, { cause: error }));
    });
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

/** proc(5): the sockets in state LISTEN (0A) on a port, by inode; then the process that holds one of them open. */
function ownerFromProc(port: number): string | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && local.endsWith(`:${hexPort}`) && inode) inodes.add(`socket:[${inode}]`);
    }
  }
  for (const pid of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        if (!inodes.has(readlinkSync(`/proc/${pid}/fd/${descriptor}`))) continue;
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
        return `pid ${pid} (${command.slice(0, 80)})`;
      }
    } catch {} // gone meanwhile, or another user's
  }
  return undefined;
}

async function ownerOf(port: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return ownerFromProc(port);
    const { stdout } = await execa('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
      timeout: 5_000,
    });
    const [, pid, command] = /^p(\d+)\nc(.*)$/m.exec(stdout) ?? [];
    return pid && `pid ${pid} (${command})`;
  } catch {
    return undefined;
  }
}

/** Which of these ports something listens on, and what. */
export async function portsInUse(ports: Readonly<Record<string, number>>): Promise<readonly PortInUse[]> {
  const checked = await Promise.all(
    Object.entries(ports).map(async ([name, port]) => ({ name, port, free: await isFree(port) })),
  );
  return Promise.all(
    checked
      .filter((each) => !each.free)
      .map(async ({ name, port }) => ({ name, port, owner: await ownerOf(port) })),
  );
}
