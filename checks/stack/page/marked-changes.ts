import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { deploys, flagChanges } from '@aiops-sre/grafana/src/annotations.ts';
import { expect } from 'vitest';
import { eventually, type stackUnderTest } from '../../testing/stack-under-test.ts';

const STEP_SECONDS = 30;
/** Of a scrape: what a mark's time may be off by. */
const INTERVAL_MS = 10_000;
/** A flag is on for so long: requests are slow in the meantime, too few to page. */
const SLOW_MS = 45_000;

/**
 * Restarts a process and flips a flag, and expects the flip to become one mark on the dashboards at its time, and the restart
 * none, which is of the same version; and the diagnosis to name the flag and the loop that it switched on. Takes about three minutes, in which the rest of the stack is left alone.
 */
export async function expectChangesMarked(stack: ReturnType<typeof stackUnderTest>): Promise<void> {
  const marks = async (annotation: ReturnType<typeof deploys>, labels: Readonly<Record<string, string>>) => {
    // As Grafana asks: at whole steps.
    const start = Math.floor(beganMs / 1000 / STEP_SECONDS) * STEP_SECONDS;
    const end = Math.max(start, Math.floor(Date.now() / 1000 / STEP_SECONDS) * STEP_SECONDS);
    const { data } = await stack.http.get(stack.url('prometheus', '/api/v1/query_range'), {
      params: {
        query: annotation.build().expr,
        start,
        end,
        step: STEP_SECONDS,
      },
    });
    // biome-ignore lint/suspicious/noExplicitAny: the API's JSON
    const series: any[] = data.data.result.filter(({ metric }: any) =>
      Object.entries(labels).every(([name, value]) => metric[name] === value),
    );
    const moments = new Set(
      series.flatMap(({ values }) => values.map(([, value]: [number, string]) => Number(value))),
    );
    return [...moments].filter((moment) => moment >= beganMs - INTERVAL_MS);
  };
  const beganMs = Date.now();
  await stack.supervisor.act('traffic', 'restart');
  stack.setFlag(FLAGS.accountsOneByOne, 'on');
  try {
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  } finally {
    stack.setFlag(FLAGS.accountsOneByOne, 'off');
  }
  const flippedMs = Date.now();
  const { slow } = await eventually('slow requests that the diagnosis explains', 60_000, async () => {
    const diagnosis = await stack.diagnose('--since', '5m');
    return diagnosis.slow.differences.length > 0 && diagnosis;
  });
  const facts = slow.differences.flatMap(({ fact, sameEvents }: { fact: string; sameEvents: string[] }) => [
    fact,
    ...sameEvents,
  ]);
  expect(facts).toContain(`storefront feature_flag.${FLAGS.accountsOneByOne}=on`);
  expect(slow.patterns).toContainEqual(
    expect.objectContaining({ kind: 'n+1', operation: 'identity GET /api/accounts/:id', calls: 20 }),
  );
  const off = { flag: FLAGS.accountsOneByOne, variant: 'off' };
  const [marked, ...others] = await eventually('mark for the flip', 4 * STEP_SECONDS * 1000, async () => {
    const found = await marks(flagChanges(), off);
    return found.length > 0 && found;
  });
  expect(others).toEqual([]);
  expect(Math.abs(marked! - flippedMs)).toBeLessThan(2 * INTERVAL_MS);
  expect(await marks(deploys(), { service: 'traffic' })).toEqual([]);
}
