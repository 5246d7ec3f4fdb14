import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDisk } from '../faults/disk.ts';
import { startService } from '../testing/running-service.ts';
import { openCharges } from './charges.ts';
import { paymentsApi } from './payments-api.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charges-'));
  file = join(folder, 'deep', 'charges.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const CHARGE = { orderId: 'order-1', amountCents: 1000 };

it('a key is charged once, at once or again, also by a process that starts later', async () => {
  const { charge } = await openCharges({ file });
  const [first, second] = await Promise.all([charge('a', CHARGE), charge('a', CHARGE)]);
  expect(second).toEqual(first);
  await Promise.all(['b', 'c'].map((key) => charge(key, CHARGE)));
  const later = await openCharges({ file });
  expect(await later.charge('a', CHARGE)).toEqual(first);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
});

it('a key that is used for something else is refused', async () => {
  const { charge } = await openCharges({ file });
  await charge('a', CHARGE);
  await expect(charge('a', { ...CHARGE, amountCents: 1001 })).rejects.toMatchObject({ status: 422 });
});

it('a line that a crash cut short costs no other', async () => {
  const { charge } = await openCharges({ file });
  const first = await charge('a', CHARGE);
  appendFileSync(file, '\n{"id":"b","sta');
  await charge('c', CHARGE);
  expect(await (await openCharges({ file })).charge('a', CHARGE)).toEqual(first);
});

it('the oldest are forgotten, from memory and disk', async () => {
  const { charge } = await openCharges({ file, capacity: 2 });
  const first = await charge('a', CHARGE);
  for (const key of 'bcde') await charge(key, CHARGE);
  expect(readFileSync(file, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(4);
  expect((await charge('a', CHARGE)).id).not.toBe(first.id);
});

it('where nothing can be stored nothing is charged, and is again afterwards', async () => {
  const { charge } = await openCharges({ file });
  mkdirSync(join(folder, 'deep'));
  symlinkSync('/dev/full', file);
  await expect(charge('a', CHARGE)).rejects.toMatchObject({ status: 503 });
  rmSync(file);
  expect((await charge('a', CHARGE)).status).toBe('charged');
});

it('on a disk that a drill fills nothing is charged until it ends', async () => {
  const disk = createDisk();
  const charges = await openCharges({ file, disk });
  const { adminToken, ...admin } = {
    adminToken: 'long-enough',
    headers: { authorization: 'Bearer long-enough' },
  };
  await using service = await startService({
    adminToken,
    disk,
    api: ({ registry }) => paymentsApi({ charges, registry, random: () => 0 }),
  });
  const pay = async () =>
    (await service.client.post('/charges', CHARGE, { headers: { 'Idempotency-Key': 'a' } })).status;
  await service.client.put('/admin/faults', { diskFull: true }, admin);
  expect(await pay()).toBe(503);
  expect(service.log).toContainEqual(
    expect.objectContaining({ error: expect.objectContaining({ cause: expect.stringContaining('ENOSPC') }) }),
  );
  await service.client.delete('/admin/faults', admin);
  expect(await pay()).toBe(201);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
});

it.each([
  ['without a key', CHARGE, {}, 400],
  ['with a key that has spaces', CHARGE, { 'Idempotency-Key': 'a b' }, 400],
  ['of nothing', { ...CHARGE, amountCents: 0 }, { 'Idempotency-Key': 'a' }, 400],
  ['of a negative amount', { ...CHARGE, amountCents: -5 }, { 'Idempotency-Key': 'a' }, 400],
  ['that is good', CHARGE, { 'Idempotency-Key': 'a' }, 201],
])('a charge %s is answered', async (_, body, headers, status) => {
  const charges = await openCharges({});
  await using service = await startService({
    api: ({ registry }) => paymentsApi({ charges, registry, random: () => 0 }),
  });
  expect((await service.client.post('/charges', body, { headers })).status).toBe(status);
});

it('which charges are declined follows from their amount', async () => {
  const { charge } = await openCharges({});
  const status = async (key: string, amountCents: number) =>
    (await charge(key, { ...CHARGE, amountCents })).status;
  expect(await status('a', 1013)).toBe('declined');
  expect(await status('b', 1014)).toBe('charged');
  expect(await status('c', 10_000_001)).toBe('declined');
});
