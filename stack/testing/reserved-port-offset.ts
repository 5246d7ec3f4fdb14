import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { portsInUse } from '../native/ports-in-use.ts';
import { readSettings } from '../settings.ts';

/** Beside the ports of a stack in use, and below the ephemeral ones. */
const PORT_OFFSETS = [
  10_000, 12_000, 14_000, 16_000, 18_000, 11_500, 13_500, 15_500, 17_500, 19_500,
] as const;
/** Not one of a stack's. Listened to while an offset is reserved: the kernel frees it, however its holder ends. */
const RESERVATION_PORT = 2_999;

/** Listens on a port of 127.0.0.1; undefined where someone else does. */
export async function takenPort(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server.unref();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/**
 * Calls `use` with an AIOPS_PORT_OFFSET whose ports are free, and stay so for it alone, also while its stack is down.
 *
 * @throws Error where each offset is reserved or has a port in use.
 */
export async function withReservedPortOffset<T>(
  root: string,
  use: (offset: number) => Promise<T>,
  offsets: readonly number[] = PORT_OFFSETS,
): Promise<T> {
  for (const offset of offsets) {
    const { ports } = readSettings(root, { AIOPS_PORT_OFFSET: String(offset) });
    const reservation = await takenPort(RESERVATION_PORT + offset);
    if (!reservation) continue;
    try {
      if ((await portsInUse(ports)).length === 0) return await use(offset);
    } finally {
      reservation.close();
    }
  }
  throw new Error(`ports in use at each offset of ${offsets.join(', ')}`);
}
