import { startTestPostgres, type TestPostgres } from '@aiops-sre/service-kit/testing/test-postgres.ts';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { performOnDatabase } from './database-deeds.ts';

let server: TestPostgres;
let shop: Client;
const undo: (() => Promise<void> | void)[] = [];
const login = () => {
  const { port, password } = server;
  return { host: '127.0.0.1', port, user: 'shop', database: 'shop', password };
};
const asShop = () => new Client({ ...login(), application_name: 'storefront' });
const perform = (deed: Parameters<typeof performOnDatabase>[0]) =>
  performOnDatabase(deed, { database: login, onEnd: (each) => void undo.push(each) });
const putBack = async () => {
  for (const each of undo.splice(0).reverse()) await each();
};

beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  shop = asShop();
  shop.on('error', () => {});
  await shop.connect();
  await shop.query('CREATE TABLE IF NOT EXISTS orders (id integer)');
});
afterEach(async () => {
  await putBack();
  await shop.end();
});

it('statements are run, and undone at the end', async () => {
  const indexes = async () =>
    (await shop.query("SELECT 1 FROM pg_indexes WHERE indexname = 'by_id'")).rows.length;
  await perform({ sql: { run: ['CREATE INDEX by_id ON orders (id)'], undo: ['DROP INDEX by_id'] } });
  expect(await indexes()).toBe(1);
  await putBack();
  expect(await indexes()).toBe(0);
});

it('a transaction keeps its locks until the end', async () => {
  const locked = async () => {
    await shop.query("SET lock_timeout = '50ms'");
    return await shop.query('SELECT 1 FROM orders').then(
      () => false,
      (error: { code: string }) => error.code === '55P03',
    );
  };
  await perform({ holdTransaction: 'LOCK TABLE orders IN ACCESS EXCLUSIVE MODE' });
  expect(await locked()).toBe(true);
  await putBack();
  expect(await locked()).toBe(false);
});

it('all connections are taken, those that the shop has got, too, until the end', async () => {
  await perform({ takeConnections: 'all' });
  await expect(shop.query('SELECT 1')).rejects.toThrow();
  const late = asShop();
  await expect(late.connect()).rejects.toMatchObject({ code: '53300' });
  await putBack();
  const later = asShop();
  await later.connect();
  await later.end();
});
