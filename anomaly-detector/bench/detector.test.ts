import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureDetector } from './detector.ts';

test('scores a labelled folder by file and in all, and measures speed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'corpus-'));
  await mkdir(join(folder, 'data', 'made'), { recursive: true });
  const rows = Array.from(
    { length: 1000 },
    (_, index) => `${index * 300},${index >= 700 && index < 710 ? 60 : index % 7}`,
  );
  await writeFile(join(folder, 'data', 'made', 'one.csv'), `timestamp,value\n${rows.join('\n')}\n`);
  await writeFile(
    join(folder, 'labels.json'),
    JSON.stringify({ 'made/one.csv': [[`${695 * 300}`, `${720 * 300}`]], 'made/absent.csv': [] }),
  );
  const lines: string[] = [];
  const figures = await measureDetector({
    dataDir: join(folder, 'data'),
    labelsFile: join(folder, 'labels.json'),
    seriesCount: 20,
    onProgress: (line) => lines.push(line),
  });
  await rm(folder, { recursive: true });
  expect(lines[0]).toBe('made/one.csv: 1 of 1 windows, 0 false alarms');
  expect(figures['all, NAB standard']!.value).toBeGreaterThan(80);
  expect(figures['made, recall']).toEqual({ value: 1, unit: '' });
  expect(figures['a sample, one series']!.value).toBeGreaterThan(0);
  expect(figures['one poll of 20 series, CPU']!.value).toBeGreaterThan(0);
  expect(figures['restart with 20 series to the first evaluation']!.value).toBeGreaterThan(0);
  expect(figures['stored state']!.value).toBeLessThan(12_000);
}, 60_000);
