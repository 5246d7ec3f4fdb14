import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface FakeSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Answers instant queries as Prometheus does: with what the first matching answer gives, else with nothing. */
export async function startFakePrometheus() {
  const answers: { readonly pattern: RegExp; readonly samples: () => readonly FakeSample[] }[] = [];
  const asked: string[] = [];
  let down = false;
  const server = createServer(async (request, response) => {
    const query = new URLSearchParams(await text(request)).get('query') ?? '';
    asked.push(query);
    if (down) return void response.writeHead(503).end('down');
    const found = answers.find(({ pattern }) => pattern.test(query));
    const result = (found?.samples() ?? []).map(({ labels = {}, value }) => ({
      metric: labels,
      value: [0, String(value)],
    }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (pattern: RegExp, samples: () => readonly FakeSample[]) =>
      void answers.unshift({ pattern, samples }),
    setDown: (value: boolean) => {
      down = value;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type FakePrometheus = Awaited<ReturnType<typeof startFakePrometheus>>;
