import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export type FakeReply =
  | { readonly content: string; readonly usage?: unknown }
  | { readonly status: number; readonly body?: string }
  | 'never'
  | 'endless'
  | 'stalled';

export const GOOD_ANSWER = {
  explanation:
    'A flag was switched on and the identity service got slow, which slowed every request of the shop.',
  ranking: [0, 1],
  caution: 'Nothing shows why the flag was switched on.',
};

/** A server that speaks the chat completions protocol and says what it is told to, also badly, slowly and never. */
export async function startFakeModel(reply: FakeReply = { content: JSON.stringify(GOOD_ANSWER) }) {
  const asked: { readonly authorization: string | undefined; readonly body: Record<string, unknown> }[] = [];
  let next: FakeReply | ((instructions: string) => FakeReply) = reply;
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as { readonly messages: readonly { readonly content: string }[] };
    asked.push({ authorization: request.headers.authorization, body: { ...body } });
    const reply = typeof next === 'function' ? next(body.messages[0]?.content ?? '') : next;
    if (reply === 'never') return;
    if (reply === 'stalled')
      return void response.writeHead(200, { 'content-type': 'application/json' }).write('{"choi');
    if (reply === 'endless') {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      return more();
    }
    if ('status' in reply) return void response.writeHead(reply.status).end(reply.body ?? '');
    const { content, usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 } } = reply;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        id: 'x',
        object: 'chat.completion',
        created: 0,
        model: 'fake',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
        usage,
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    replyWith(reply: FakeReply | ((instructions: string) => FakeReply)) {
      next = reply;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
export type FakeModel = Awaited<ReturnType<typeof startFakeModel>>;
