import { createConnection } from 'node:net';

/** StartupMessage of PostgreSQL's protocol 3.0: length, version, who wants to which database. */
const STARTUP = Buffer.from('\0\0\0\0\0\x03\0\0user\0monitor\0database\0shop\0\0', 'latin1');
STARTUP.writeInt32BE(STARTUP.length);

/**
 * Whether the shop's PostgreSQL takes logins, as pg_isready finds out: whoever comes is asked for a password. While it starts, stops
 * or recovers it answers with an error. Never rejects.
 */
export function acceptsConnections(options: {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}): Promise<boolean> {
  const { host, port, timeoutMs } = options;
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const answered = (does: boolean) => {
      resolve(does);
      socket.destroy();
    };
    socket.setTimeout(timeoutMs, () => answered(false));
    socket.once('error', () => answered(false));
    socket.once('close', () => answered(false));
    socket.once('connect', () => socket.write(STARTUP));
    // R: an authentication request.
    socket.once('data', (answer) => answered(answer[0] === 'R'.charCodeAt(0)));
  });
}
