import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface FakeSample {
  readonly labels?: Readonly<Record<string, string>>;
  /** As of a moment, in Unix seconds, where it is not always the same. */
  readonly value: number | ((atSeconds: number) => number);
}

/** Answers queries as Prometheus does: with what the first matching answer gives, else with nothing. */
export async function startFakePrometheus() {
  const answers: { readonly pattern: RegExp; readonly samples: () => readonly FakeSample[] }[] = [];
  const asked: string[] = [];
  let down = false;
  let warnings: readonly string[] = [];
  let unanswered: RegExp | undefined;
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const query = form.get('query') ?? '';
    asked.push(query);
    if (down) return void response.writeHead(503).end('down');
    if (unanswered?.test(query)) return;
    const found = answers.find(({ pattern }) => pattern.test(query));
    const samples = found?.samples() ?? [];
    const valueAt = (value: FakeSample['value'], atSeconds: number): [number, string] => [
      atSeconds,
      String(typeof value === 'number' ? value : value(atSeconds)),
    ];
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
    const moments = Array.from(
      { length: request.url?.endsWith('/query_range') ? Math.floor((end! - start!) / step!) + 1 : 0 },
      (_, index) => start! + index * step!,
    );
    const data =
      moments.length > 0
        ? {
            resultType: 'matrix',
            result: samples.map(({ labels = {}, value }) => ({
              metric: labels,
              values: moments.map((atSeconds) => valueAt(value, atSeconds)),
            })),
          }
        : {
            resultType: 'vector',
            result: samples.map(({ labels = {}, value }) => ({
              metric: labels,
              value: valueAt(value, Date.now() / 1000),
            })),
          };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data, warnings }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    warn(...texts: string[]) {
      warnings = texts;
    },
    answer: (pattern: RegExp, samples: () => readonly FakeSample[]) =>
      void answers.unshift({ pattern, samples }),
    /** Queries that are taken and never answered. */
    leaveWaiting: (pattern: RegExp) => {
      unanswered = pattern;
    },
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
