import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from './order.ts';
import { openOrderStore } from './order-store.ts';

const order = (id: string): Order => ({
  id,
  userId: 'user-1',
  items: [{ productId: 'product-1', quantity: 1 }],
});

describe('orders', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-'));
    file = join(folder, 'deep', 'orders.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  /** Which of `a` to `e` a process has that starts now. */
  const known = async (capacity?: number) => {
    const store = await openOrderStore({ file, ...(capacity && { capacity }) });
    return [...'abcde'].filter((id) => store.get(id));
  };

  it('are on disk when they were taken, also those that came at once', async () => {
    const store = await openOrderStore({ file });
    await store.add(order('a'));
    expect(await known()).toEqual(['a']);
    await Promise.all([...'bcd'].map((id) => store.add(order(id))));
    expect(await known()).toEqual([...'abcd']);
    expect((await openOrderStore({ file })).get('b')).toEqual(order('b'));
  });

  it('are dropped, oldest first, from memory and disk', async () => {
    const store = await openOrderStore({ file, capacity: 2 });
    for (const id of 'abcde') await store.add(order(id));
    expect([...'abcde'].filter((id) => store.get(id))).toEqual(['d', 'e']);
    expect(readFileSync(file, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(4);
    expect(await known(2)).toEqual(['d', 'e']);
  });

  it('outlive a line that a crash cut short', async () => {
    const store = await openOrderStore({ file });
    await store.add(order('a'));
    appendFileSync(file, '\n{"id":"b","use');
    await store.add(order('c'));
    expect(await known()).toEqual(['a', 'c']);
  });

  it('are not taken where they cannot be stored, and are again afterwards', async () => {
    const store = await openOrderStore({ file });
    mkdirSync(join(folder, 'deep'));
    symlinkSync('/dev/full', file);
    await expect(store.add(order('a'))).rejects.toThrow('ENOSPC');
    expect(store.get('a')).toBeUndefined();
    rmSync(file);
    await store.add(order('b'));
    expect(await known()).toEqual(['b']);
  });

  it('live in memory where there is no file', async () => {
    const store = await openOrderStore();
    await store.add(order('a'));
    expect(store.get('a')).toEqual(order('a'));
    expect(store.get('order-20')).toBeDefined();
  });
});
