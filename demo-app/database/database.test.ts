import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { startTestPostgres, type TestPostgres } from '@aiops-sre/service-kit/testing/test-postgres.ts';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startRoleProcess } from '../testing/role-process.ts';
import { shopIn } from '../testing/shop-database.ts';
import { type Database, openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { openShop } from './open-shop.ts';
import { statement } from './statement.ts';

let postgres: TestPostgres;
const ending: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});
afterAll(() => postgres[Symbol.asyncDispose]());

function open(poolMax = 2, { url, password }: Pick<TestPostgres, 'url' | 'password'> = postgres) {
  const registry = new Registry();
  const database = openDatabase({
    url,
    password,
    poolMax,
    name: 'test',
    registry,
  });
  ending.push(database.close);
  const sample = async (series: string) => {
    const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  return { database, sample };
}

const ONE = statement('one', 'SELECT 1 AS one');
const SLEEP = statement('sleep', 'SELECT pg_sleep($1)');
const count = async (database: Database, table: string) =>
  Number((await database.execute(`SELECT count(*) FROM ${table}`)).rows[0]?.count);

describe('a pool', () => {
  it('has all its metrics before anything is asked', async () => {
    const { sample } = open();
    expect(await sample('demo_database_pool_connections{pool="test",state="used"}')).toBe(0);
    expect(await sample('demo_database_pool_waiters{pool="test"}')).toBe(0);
    expect(await sample('demo_database_pool_max{pool="test"}')).toBe(2);
    expect(await sample('demo_database_pool_wait_seconds_count{pool="test"}')).toBe(0);
    expect(await sample('demo_database_query_errors_total{kind="pool_timeout"}')).toBe(0);
  });

  it('that is used up shows who waits, and gives up on them with 503 and a time', async () => {
    const { database, sample } = open();
    const busy = [database.query(SLEEP, [3]), database.query(SLEEP, [3])];
    const refused = expect(database.query(ONE)).rejects.toMatchObject({ status: 503, retryAfterSeconds: 1 });
    expect(await sample('demo_database_pool_waiters{pool="test"}')).toBe(1);
    expect(await sample('demo_database_pool_connections{pool="test",state="used"}')).toBe(2);
    await refused;
    await Promise.all(busy);
    expect(await sample('demo_database_query_errors_total{kind="pool_timeout"}')).toBe(1);
    expect(await sample('demo_database_pool_wait_seconds_bucket{le="1",pool="test"}')).toBe(2);
    expect(await sample('demo_database_pool_wait_seconds_count{pool="test"}')).toBe(3);
    expect(await database.query(ONE)).toEqual([{ one: 1 }]);
  });

  it('whose server is away answers 503, and works again when the server is back', async () => {
    const { database, sample } = open();
    await database.query(ONE);
    await postgres.stop();
    await expect(database.query(ONE)).rejects.toMatchObject({ status: 503, retryAfterSeconds: 5 });
    expect(await sample('demo_database_query_errors_total{kind="connection"}')).toBeGreaterThan(0);
    await postgres.start();
    expect(await database.query(ONE)).toEqual([{ one: 1 }]);
  });

  it('whose server is slow to accept gives up on it with 503 and a time, and works when it accepts', async () => {
    // A server that is overloaded, or still recovers: it takes the connection and says nothing.
    let isSlow = true;
    const held: Socket[] = [];
    const proxy = createServer((socket) => {
      held.push(socket.on('error', () => {}));
      if (!isSlow) socket.pipe(connect(postgres.port, '127.0.0.1').on('error', () => {})).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    ending.push(async () => {
      for (const socket of held) socket.destroy();
      proxy.close();
    });
    const url = `postgres://shop@127.0.0.1:${(proxy.address() as AddressInfo).port}/shop`;
    const { database, sample } = open(1, { url, password: postgres.password });
    const startedAt = performance.now();
    // One asks for the connection, the other waits for the first.
    for (const refused of await Promise.allSettled([database.query(ONE), database.query(ONE)]))
      expect(refused).toMatchObject({
        status: 'rejected',
        reason: { status: 503, retryAfterSeconds: expect.any(Number) },
      });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await sample('demo_database_query_errors_total{kind="other"}')).toBe(0);
    isSlow = false;
    expect(await database.query(ONE)).toEqual([{ one: 1 }]);
  });

  it('takes back what a transaction did that failed, and uses its connection again', async () => {
    const { database } = open(1);
    await database.execute('CREATE TABLE IF NOT EXISTS notes (text text)');
    const failing = database.transaction(async ({ execute }) => {
      await execute("INSERT INTO notes VALUES ('lost')");
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await count(database, 'notes')).toBe(0);
  });

  it('lends nobody a connection in a transaction that has failed', async () => {
    const { database } = open(1);
    await expect(database.execute('BEGIN; SELECT 1 / 0; COMMIT')).rejects.toThrow(/division/);
    expect(await database.query(ONE)).toEqual([{ one: 1 }]);
  });

  it('a statement that is wrong is no outage', async () => {
    const { database, sample } = open();
    await expect(database.query(statement('wrong', 'SELECT nothing'))).rejects.toThrow(/nothing/);
    expect(await sample('demo_database_query_errors_total{kind="other"}')).toBe(1);
  });
});

describe('migrations', () => {
  it('are done once by processes that start at once, and the data is the same in every database', async () => {
    const { database } = open();
    await Promise.all([migrate(database), migrate(open().database)]);
    await migrate(database);
    expect(await count(database, 'products')).toBe(100_000);
    expect(await count(database, 'orders')).toBe(100_000);
    const { rows } = await database.execute('SELECT sum(value_cents) AS value, count(*) FROM orders');
    expect(rows[0]).toEqual({ value: '4090820676', count: '100000' });
  });

  it('that were interrupted begin again', async () => {
    const { database } = open();
    await migrate(database);
    await database.execute('DELETE FROM schema_versions WHERE version >= 3');
    const indexes = `SELECT indexname FROM pg_indexes WHERE indexname = 'orders_user_id'`;
    await database.execute(
      'DROP INDEX orders_user_id, order_items_order_id, orders_created_at, documents_created_at, checkouts_order_id',
    );
    const { database: other } = open();
    await database.transaction(async ({ execute }) => {
      // What the migration wants to index cannot be had, so that it is in the middle of its work.
      await execute('LOCK TABLE order_items IN ROW EXCLUSIVE MODE');
      const interrupted = expect(migrate(other)).rejects.toMatchObject({ status: 503 });
      const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%'`;
      await expect
        .poll(async () => (await database.execute(terminate)).rows.length, { timeout: 10_000 })
        .toBeGreaterThan(0);
      await interrupted;
    });
    expect((await database.execute(indexes)).rows).toEqual([]);
    await migrate(database);
    expect((await database.execute(indexes)).rows).toHaveLength(1);
  });

  it('that are killed in the middle, the process or the server, begin again and leave everything whole', async () => {
    const fresh = await startTestPostgres();
    ending.push(async () => fresh[Symbol.asyncDispose]());
    const begun = async () => {
      const storefront = await startRoleProcess({ role: 'storefront', env: shopIn(fresh) });
      ending.unshift(() => storefront[Symbol.asyncDispose]());
      return storefront;
    };
    const { database } = open(2, fresh);
    const seeding = `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%INSERT INTO users%' AND pid <> pg_backend_pid()`;
    const inTheMiddle = () =>
      expect
        .poll(async () => (await database.execute(seeding)).rows.length, { timeout: 20_000, interval: 5 })
        .toBe(1);
    const killed = await begun();
    await inTheMiddle();
    killed.child.kill('SIGKILL');
    await killed.exited;
    // Its server goes on with the statement, and the next process waits for that; then it is the server's turn.
    await begun();
    await fresh.stop('SIGKILL');
    await fresh.start();
    const later = await begun();
    await later.client.get('/metrics');
    await expect
      .poll(async () => (await later.client.get('/readyz')).status, { timeout: 60_000, interval: 200 })
      .toBe(200);
    const versions = await database.execute('SELECT version FROM schema_versions ORDER BY version');
    expect(versions.rows.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    for (const table of ['products', 'orders']) expect(await count(database, table)).toBe(100_000);
    expect(await count(database, 'users')).toBe(10_000);
  }, 120_000);

  it('of a newer version are said so by who does not know them, and its readiness', async () => {
    const { database } = open();
    await migrate(database);
    await database.execute("INSERT INTO schema_versions VALUES (999, '999-future.sql')");
    ending.unshift(() => database.execute('DELETE FROM schema_versions WHERE version = 999'));
    await expect(migrate(database)).rejects.toThrow(
      'database: its form is version 999, of a newer version of the application; this one knows version 4',
    );
    const shop = openShop({
      settings: {
        role: 'storefront',
        database: { url: postgres.url, password: postgres.password, poolMax: 2 },
      },
      registry: new Registry(),
      logger: pino({ level: 'silent' }),
    });
    ending.unshift(shop.close);
    await expect.poll(shop.waitingFor).toContain('999');
  });
});

describe('a storefront whose database is away at its start', () => {
  it('lives, is not ready and answers 503, and gets ready when the database comes', async () => {
    const away = await startTestPostgres();
    await away.stop();
    await using identity = await startRoleProcess({ role: 'identity' });
    await using storefront = await startRoleProcess({
      role: 'storefront',
      env: { ...shopIn(away), IDENTITY_URL: identity.url },
    });
    const ready = () => storefront.client.get('/readyz');
    expect((await storefront.client.get('/healthz')).status).toBe(200);
    await storefront.client.get('/metrics');
    const unready = await ready();
    expect(unready.status).toBe(503);
    expect(unready.data.status).toContain('waiting for the database');
    const products = () => storefront.client.get('/api/products');
    const refused = await products();
    expect(refused).toMatchObject({ status: 503, data: { error: 'the database is not available' } });
    expect(refused.headers['retry-after']).toBe('5');
    await away.start();
    await expect.poll(async () => (await ready()).status, { timeout: 20_000 }).toBe(200);
    expect((await products()).data.products).toHaveLength(20);
    await away.stop();
    expect((await products()).status).toBe(503);
    expect((await ready()).status).toBe(200);
    await away.start();
    expect((await products()).status).toBe(200);
    await away[Symbol.asyncDispose]();
  }, 60_000);
});
