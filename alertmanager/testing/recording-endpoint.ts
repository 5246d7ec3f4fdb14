import { once } from 'node:events';
import { createServer } from 'node:http';

export interface RecordingEndpoint {
  readonly url: string;
  /** Bodies of the requests so far, oldest first. */
  readonly bodies: readonly string[];
  close(): Promise<void>;
}

/** Somebody's webhook on loopback: answers everything with `ok`, as Slack does, and remembers it. */
export async function startRecordingEndpoint(): Promise<RecordingEndpoint> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    bodies.push(body);
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    bodies,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
