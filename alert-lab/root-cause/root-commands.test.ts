import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shiftedSeries } from '@aiops-sre/incident-responder/testing/shifted-series.ts';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addRootCommands } from './root-commands.ts';

const EDGES = [
  ['shop', 'orders'],
  ['shop', 'identity'],
  ['orders', 'database'],
];
const AT_SECONDS = 1_700_000_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'root-cause-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An incident in which `root` and all that wait for it got slow. */
function recorded(root: string) {
  const slow = root === 'database' ? ['shop', 'orders', 'database'] : ['shop', root];
  const series = ['shop', 'orders', 'identity', 'database'].flatMap((service) => [
    shiftedSeries({ service, signal: 'requests', before: 50, after: 50 }, AT_SECONDS),
    shiftedSeries(
      { service, signal: 'duration', before: 0.1, after: slow.includes(service) ? 1.1 : 0.1 },
      AT_SECONDS,
    ),
  ]);
  return {
    name: root,
    edges: EDGES,
    alert: { service: 'shop', signal: 'latency', at: AT_SECONDS },
    series: series.map(({ service, signal, startSeconds, stepSeconds, values }) => ({
      service,
      signal: signal === 'duration' ? 'latency' : signal,
      unit: '',
      step: stepSeconds,
      start: startSeconds,
      values,
    })),
  };
}

function write(roots: readonly string[]): void {
  for (const root of roots) writeFileSync(join(folder, `${root}.json`), JSON.stringify(recorded(root)));
  writeFileSync(
    join(folder, 'truth.json'),
    JSON.stringify(Object.fromEntries(roots.map((root) => [root, root]))),
  );
}

const written = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

async function lab(...args: string[]): Promise<void> {
  const program = new Command().exitOverride();
  addRootCommands(program, { repository: folder, workingFolder: folder, out: () => {} });
  await program.parseAsync(args, { from: 'user' });
}

it("ranks recorded incidents by the responder's own functions", async () => {
  write(['identity', 'database']);
  await lab('root-cause', '--cases', '.', '--out', 'result.json');
  const result = written('result.json');
  expect(Object.keys(result)).toEqual(['database', 'identity']);
  for (const [root, ranked] of Object.entries<{ service: string; confidence: number }[]>(result)) {
    expect(ranked[0]?.service).toBe(root);
    expect(ranked[0]!.confidence).toBeGreaterThan(ranked[1]!.confidence);
  }
});

it('learns from them, keeps the sign of what it believed, and says how well on what was left out', async () => {
  write(['identity', 'orders', 'database']);
  await lab('fit-roots', '--cases', '.', '--out', 'model.json');
  const { model, crossValidation, learntFrom } = written('model.json');
  expect(Object.values(learntFrom)).toEqual([{ incidents: 3, calmMoments: 9 }]);
  for (const name of ['ownErrors', 'ownDuration', 'symptomShare'])
    expect(model.weights[name], name).toBeGreaterThanOrEqual(0);
  for (const name of ['causedBelow', 'calm', 'leaf'])
    expect(model.weights[name], name).toBeLessThanOrEqual(0);
  expect(crossValidation.byRoot).toMatchObject({ incidents: 3, first: 1, calmMoments: 9, calmSure: 0 });
});

it('says which file is wrong, and where', async () => {
  write(['identity']);
  const { series, ...rest } = recorded('identity');
  const broken = { ...rest, series: [{ ...series[0], signal: 'mood' }] };
  writeFileSync(join(folder, 'broken.json'), JSON.stringify(broken));
  await expect(lab('root-cause', '--cases', '.', '--out', 'result.json')).rejects.toThrow(
    /broken\.json: series\.0\.signal/,
  );
  await expect(lab('root-cause', '--cases', 'nowhere', '--out', 'result.json')).rejects.toThrow(/nowhere/);
});
