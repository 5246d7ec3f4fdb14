import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { canReach } from './server-user.ts';

it('reaches what all folders above let it pass to, whether it is there or not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reach-'));
  const stranger = { name: 'stranger', uid: 4_000_000, gid: 4_000_000 };
  const inside = join(folder, 'a', 'b');
  mkdirSync(inside, { recursive: true });
  chmodSync(folder, 0o711);
  try {
    expect(canReach(stranger, join(inside, 'not-there'))).toBe(true);
    chmodSync(join(folder, 'a'), 0o700);
    expect(canReach(stranger, inside)).toBe(false);
    expect(canReach({ ...stranger, uid: process.getuid?.() ?? 0 }, inside)).toBe(true);
    expect(canReach(undefined, inside)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
