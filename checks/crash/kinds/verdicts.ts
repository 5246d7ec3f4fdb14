import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../testing/stack-under-test.ts';
import type { Kind, Stack } from '../kind.ts';

/** As many as the detector's journal holds. */
const ANOMALIES = 2000;
const idOf = (index: number) => index.toString(16).padStart(16, '0');

/** Verdicts that the detector acknowledged, looked for beside its anomalies. Ids are those of the anomalies. */
export function verdicts(stack: Stack): Kind {
  let given = 0;
  let known: Promise<unknown> | undefined;

  /** The detector takes verdicts on what it knows alone: a stack this young has found nothing yet. */
  async function makeAnomaliesKnown() {
    await stack.supervisor.act('anomaly-detector', 'stop');
    const startsAtSeconds = Math.floor(Date.now() / 1000);
    const anomalies = Array.from({ length: ANOMALIES }, (_, index) => ({
      anomalyId: idOf(index),
      rule: 'crash_test',
      labels: {},
      startsAtSeconds,
      endedAtSeconds: startsAtSeconds + 1,
      direction: 'above',
      severity: 'low',
      summary: 'made for the crash test',
    }));
    const file = join(stack.paths.data('anomaly-detector'), 'anomalies.json');
    writeFileSync(file, JSON.stringify({ version: 1, anomalies }));
    await stack.supervisor.act('anomaly-detector', 'start');
    await eventually('ready detector', 60_000, async () => {
      const { status } = await stack.http.get(stack.url('anomalyDetector', '/readyz'));
      return status === 200;
    });
  }

  return {
    name: 'verdicts',
    writesPerSecond: 2,
    async write(signal) {
      known ??= makeAnomaliesKnown();
      await known;
      const id = idOf(given++ % ANOMALIES);
      const { status } = await stack.http.post(
        stack.url('anomalyDetector', '/verdicts'),
        { anomaly_id: id, verdict: 'noise' },
        { signal },
      );
      return status === 201 ? [id] : [];
    },
    async missing(ids) {
      const { status, data } = await stack.http.get(stack.url('anomalyDetector', '/anomalies'));
      if (status !== 200) throw new Error(`anomalies: ${status}`);
      const judged = new Set(
        data.flatMap((each: { anomalyId: string; verdict?: string }) =>
          each.verdict ? [each.anomalyId] : [],
        ),
      );
      return ids.filter((id) => !judged.has(id));
    },
  };
}
