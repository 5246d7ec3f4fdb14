import { randomUUID } from 'node:crypto';
import type { Kind, Stack } from '../kind.ts';
import { nowNano, pushOtlp, SERVICE } from '../otlp-push.ts';

const LINES_A_PUSH = 20;
/** Loki's own limit of an answer. */
export const LINES_AN_ANSWER = 5000;

/** Log lines that the Collector acknowledged, looked for in Loki. Ids are `NANOSECONDS UUID`, which is what a line says. */
export function logLines(stack: Stack): Kind {
  const read = async (start: bigint): Promise<readonly [string, string][]> => {
    const query = `{service_name="${SERVICE}"}`;
    const params = { query, start: String(start), limit: LINES_AN_ANSWER, direction: 'forward' };
    const response = await stack.http.get(stack.url('loki', '/loki/api/v1/query_range'), { params });
    if (response.status !== 200) throw new Error(`Loki: ${response.status} ${response.data}`);
    const streams: { values: [string, string][] }[] = response.data.data.result;
    return streams.flatMap(({ values }) => values);
  };
  return {
    name: 'log lines',
    writesPerSecond: 10,
    async write(signal) {
      const at = nowNano();
      const lines = Array.from({ length: LINES_A_PUSH }, () => `${at} ${randomUUID()}`);
      const logRecords = lines.map((line) => ({ timeUnixNano: at, body: { stringValue: line } }));
      return (await pushOtlp(stack, signal, '/v1/logs', { logRecords })) ? lines : [];
    },
    missing: (ids) => missingLines(ids, read),
  };
}

/** Pages through what Loki has since the earliest of `ids`, whose beginnings say when. */
export async function missingLines(
  ids: readonly string[],
  read: (start: bigint) => Promise<readonly [string, string][]>,
): Promise<readonly string[]> {
  const absent = new Set(ids);
  let start = ids
    .map((id) => BigInt(id.slice(0, id.indexOf(' '))))
    .reduce((earliest, each) => (each < earliest ? each : earliest));
  for (;;) {
    const page = await read(start);
    for (const [, line] of page) absent.delete(line);
    if (page.length < LINES_AN_ANSWER) return [...absent];
    // A page may end among the lines of one push: that one again.
    start = page.map(([at]) => BigInt(at)).reduce((a, b) => (a > b ? a : b));
  }
}
