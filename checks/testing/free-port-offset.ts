import { portsInUse } from '@aiops-sre/stack/native/ports-in-use.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';

/** Beside the ports of a stack in use, and below the ephemeral ones. */
const PORT_OFFSETS = [10_000, 12_000, 14_000, 16_000, 18_000, 11_500, 13_500, 15_500, 17_500, 19_500];

/** @throws Error where a port is in use at each of the offsets. */
export async function freePortOffset(
  root: string,
  offsets: readonly number[] = PORT_OFFSETS,
): Promise<number> {
  for (const offset of offsets) {
    const { ports } = readSettings(root, { AIOPS_PORT_OFFSET: String(offset) });
    if ((await portsInUse(ports)).length === 0) return offset;
  }
  throw new Error(`ports in use at each offset of ${offsets.join(', ')}`);
}
