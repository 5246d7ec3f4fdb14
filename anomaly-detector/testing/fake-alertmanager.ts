import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PostableAlert } from '../alerts/alert.ts';

export type FakeAlertmanager = {
  readonly url: string;
  /** Bodies of the requests that came in, oldest first. */
  readonly posts: PostableAlert[][];
  /** Status to answer with. */
  status: number;
  close(): Promise<void>;
};

/** A real HTTP server with the part of Alertmanager's API that the detector uses. */
export async function startFakeAlertmanager(): Promise<FakeAlertmanager> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (fake.status === 200) fake.posts.push(JSON.parse(body));
    response.statusCode = fake.status;
    response.end(fake.status === 200 ? '' : '"refused by the test"');
  });
  // A slow machine must not find its kept-alive connection closed in the moment it uses it.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeAlertmanager = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts: [],
    status: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}
