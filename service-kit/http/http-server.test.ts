import { once } from 'node:events';
import { Agent, get, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type HttpServer, listen } from './http-server.ts';

const running: HttpServer[] = [];
const agent = new Agent({ keepAlive: true });
afterEach(async () => {
  agent.destroy();
  await Promise.all(running.splice(0).map((server) => server.close(0)));
});

async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  host = '127.0.0.1',
) {
  const server = await listen({ handler, host, port: 0 });
  running.push(server);
  return server;
}

/** A request that the handler holds: once handled, its answer can be sent or left out. */
async function heldRequest() {
  const handled = Promise.withResolvers<ServerResponse>();
  const server = await serve((_request, response) => handled.resolve(response));
  const answer = new Promise<number | string>((resolve) =>
    get(server.url, { agent }, (response) => resolve(response.resume().statusCode ?? 0)).on('error', () =>
      resolve('cut off'),
    ),
  );
  return { server, answer, response: await handled.promise };
}

it('lets a running request end before it is closed, though its connection would be kept', async () => {
  const { server, answer, response } = await heldRequest();
  const closed = server.close(60_000);
  response.end();
  expect(await answer).toBe(200);
  await closed;
});

it('cuts off what still runs after the grace', async () => {
  const { server, answer } = await heldRequest();
  await server.close(10);
  expect(await answer).toBe('cut off');
});

it('accepts nothing while it closes', async () => {
  const { server, response } = await heldRequest();
  const closed = server.close(60_000);
  const [error] = await once(get(server.url), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  response.end();
  await closed;
});

it('names the address that is taken', async () => {
  const { port } = await serve(() => {});
  await expect(listen({ handler: () => {}, host: '127.0.0.1', port })).rejects.toThrow(
    new RegExp(`^cannot listen on 127.0.0.1:${port}: .*EADDRINUSE`),
  );
});

it('has an address that is good for a request, over IPv6 too', async () => {
  const { url } = await serve((_request, response) => response.end(), '::1');
  expect((await fetch(url)).status).toBe(200);
});

it('refuses a request for a name that it does not have, whoever that leads here', async () => {
  const handled: (string | undefined)[] = [];
  const server = await serve((request, response) => {
    handled.push(request.headers.host);
    response.end();
  });
  const statusFor = (host: string) =>
    new Promise<number | undefined>((resolve) =>
      request(server.url, { headers: { host } }, (response) => resolve(response.resume().statusCode)).end(),
    );
  expect(await statusFor('evil.example')).toBe(421);
  expect(await statusFor(`localhost:${server.port}`)).toBe(200);
  expect(handled).toEqual([`localhost:${server.port}`]);
});
