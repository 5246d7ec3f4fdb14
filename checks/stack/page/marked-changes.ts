import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { deploys, FIRST_SCRAPE_SECONDS, flagChanges } from '@aiops-sre/grafana/src/annotations.ts';
import { expect } from 'vitest';
import { eventually, type stackUnderTest } from '../../testing/stack-under-test.ts';

const STEP_SECONDS = 120;
/** A flag is on for so long: requests are slow in the meantime, too few to page. */
const SLOW_MS = 45_000;

/**
 * Restarts a process and flips a flag, and expects each to become one mark on the dashboards; and the diagnosis to name
 * the flag and the loop that it switched on. Takes about three minutes, in which the rest of the stack is left alone.
 */
export async function expectChangesMarked(stack: ReturnType<typeof stackUnderTest>): Promise<void> {
  const marks = async (annotation: ReturnType<typeof deploys>, labels: Readonly<Record<string, string>>) => {
    // As Grafana asks: at whole steps. The first that can show what begins now; the one before may show the stack's start.
    const start = Math.ceil((beganMs / 1000 + FIRST_SCRAPE_SECONDS) / STEP_SECONDS) * STEP_SECONDS;
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
    return series.flatMap(({ values }) => values).length;
  };
  const beganMs = Date.now();
  await stack.supervisor.act('traffic', 'restart');
  stack.setFlag(FLAGS.accountsOneByOne, 'on');
  try {
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  } finally {
    stack.setFlag(FLAGS.accountsOneByOne, 'off');
  }
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
  await eventually('mark for each change', 3 * STEP_SECONDS * 1000, async () => {
    const restarted = await marks(deploys(), { service: 'traffic' });
    const flipped = await marks(flagChanges(), { flag: FLAGS.accountsOneByOne, variant: 'off' });
    return restarted > 0 && flipped > 0;
  });
  expect(await marks(deploys(), { service: 'traffic' })).toBe(1);
  expect(await marks(flagChanges(), { flag: FLAGS.accountsOneByOne, variant: 'off' })).toBe(1);
}
