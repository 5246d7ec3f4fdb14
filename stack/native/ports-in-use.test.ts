import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { portsInUse } from './ports-in-use.ts';

const server = createServer();
let held: number;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  held = (server.address() as { port: number }).port;
});
afterAll(() => {
  server.close();
});

test('a port that something listens on is told with the process that holds it', async () => {
  const [found, ...others] = await portsInUse({ storefront: held });
  expect(others).toEqual([]);
  expect(found).toMatchObject({ name: 'storefront', port: held });
  expect(found?.owner).toContain(`pid ${process.pid}`);
});

test('a free port is not told', async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  expect(await portsInUse({ tempo: port })).toEqual([]);
});
