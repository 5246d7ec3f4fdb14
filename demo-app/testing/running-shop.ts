import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CheckoutBooks, readBooks } from './checkout-books.ts';
import { type RoleProcess, startRoleProcess } from './role-process.ts';
import { shopIn, startShopDatabase } from './shop-database.ts';

const ROLES = ['identity', 'fulfillment', 'payments', 'storefront', 'checkout'] as const;
type ShopRole = (typeof ROLES)[number];

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

/** The whole shop as real processes on a database of its own, each of which can be killed. For tests and benchmarks. */
export async function startShop() {
  const store = await startShopDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  const chargesFile = join(folder, 'charges.jsonl');
  const running = new Map<ShopRole, RoleProcess>();
  const ports = new Map<ShopRole, string>();

  /** Starts a role; the second time at the same port, as whoever watches over it would. */
  async function start(role: ShopRole): Promise<void> {
    const url = (of: ShopRole) => running.get(of)?.url ?? '';
    const started = await startRoleProcess({
      role,
      env: {
        ...shopIn(store.postgres),
        PORT: ports.get(role) ?? '0',
        CHARGES_FILE: chargesFile,
        IDENTITY_URL: url('identity'),
        FULFILLMENT_URLS: url('fulfillment'),
        PAYMENTS_URL: url('payments'),
      },
    });
    ports.set(role, new URL(started.url).port);
    running.set(role, started);
  }
  async function ready(role: ShopRole): Promise<void> {
    const { client } = running.get(role)!;
    await client.get('/metrics');
    const deadline = performance.now() + READY_WITHIN_MS;
    while ((await client.get('/readyz')).status !== 200) {
      if (performance.now() > deadline)
        throw new Error(`${role} is not ready after ${READY_WITHIN_MS / 1000} s`);
      await sleep(LOOK_EVERY_MS);
    }
  }
  const shop = {
    ...store,
    chargesFile,
    /** Of the storefront as it runs now. */
    url: () => running.get('storefront')!.url,
    role: (role: ShopRole) => running.get(role)!,
    /** SIGKILL, and another in its place. */
    async kill(role: ShopRole): Promise<void> {
      const { child, exited } = running.get(role)!;
      child.kill('SIGKILL');
      await exited;
      await start(role);
    },
    /**
     * What is written down once no order is under way any more.
     *
     * @throws Error after `timeoutMs` where one still is
     */
    async settledBooks(timeoutMs: number): Promise<CheckoutBooks> {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const books = await readBooks(store.database, chargesFile);
        const open = books.orders.filter(
          ({ state, isDead }) => !isDead && !['fulfilled', 'failed'].includes(state),
        );
        if (open.length === 0) return books;
        if (performance.now() > deadline)
          throw new Error(
            `after ${timeoutMs / 1000} s ${open.length} orders are under way, ${open[0]?.id} is ${open[0]?.state}`,
          );
        await sleep(LOOK_EVERY_MS);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const role of running.values()) await role[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    for (const role of ROLES) await start(role);
    await ready('storefront');
    await ready('checkout');
    return shop;
  } catch (error) {
    await shop[Symbol.asyncDispose]();
    throw error;
  }
}
