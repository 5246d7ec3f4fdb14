import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { withReservedPortOffset } from './reserved-port-offset.ts';

const root = resolve(import.meta.dirname, '..', '..');
const OFFSETS = [8_300, 8_700];
const reserve = <T>(use: (offset: number) => Promise<T>) => withReservedPortOffset(root, use, OFFSETS);

test('an offset is reserved for one at a time, and free again afterwards', async () => {
  const nested = await reserve((first) => reserve(async (second) => [first, second]));
  expect(nested).toEqual(OFFSETS);
  expect(await reserve(async (offset) => offset)).toBe(OFFSETS[0]);
});

test('one with a port in use is passed over, and with none left that is said', async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(3000 + 8_300, '127.0.0.1', listening));
  try {
    expect(await reserve(async (offset) => offset)).toBe(OFFSETS[1]);
    await expect(reserve(() => reserve(async () => 'reached'))).rejects.toThrow(
      'ports in use at each offset of 8300, 8700',
    );
  } finally {
    server.close();
  }
});
