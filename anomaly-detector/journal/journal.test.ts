import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalEntry, openAnomalyJournal } from './anomaly-journal.ts';
import { precisionByRule, type StoredVerdict } from './verdict.ts';
import { openVerdictFile } from './verdict-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
});
afterEach(() => rm(folder, { recursive: true }));

const verdict = (anomalyId: string, kind: 'useful' | 'noise', givenAtSeconds = 1000): StoredVerdict => ({
  anomalyId: anomalyId.padStart(16, '0'),
  rule: 'requests',
  verdict: kind,
  givenAtSeconds,
});

describe('verdicts', () => {
  it('are kept over a restart', async () => {
    const file = join(folder, 'deep', 'verdicts.jsonl');
    const open = () => openVerdictFile({ file, onUnreadable: () => {} });
    await (await open()).add(verdict('1', 'useful'));
    await (await open()).add(verdict('2', 'noise'));
    expect((await open()).all).toEqual([verdict('1', 'useful'), verdict('2', 'noise')]);
  });

  it('count in spite of a line cut short by a crash, and so do later ones', async () => {
    const file = join(folder, 'verdicts.jsonl');
    const unreadable: number[] = [];
    const open = () => openVerdictFile({ file, onUnreadable: (line) => unreadable.push(line) });
    await (await open()).add(verdict('1', 'useful'));
    await appendFile(file, '{"anomalyId":"00');
    await (await open()).add(verdict('2', 'noise'));
    expect((await open()).all).toHaveLength(2);
    expect(unreadable).toEqual([2, 2]);
  });
});

describe('precision', () => {
  it('is the share of useful ones, the last verdict on an anomaly counting', () => {
    const verdicts = [
      verdict('1', 'useful'),
      verdict('2', 'noise'),
      verdict('2', 'useful'),
      verdict('3', 'noise'),
    ];
    expect(precisionByRule(verdicts, 0).get('requests')).toEqual({ precision: 2 / 3, verdicts: 3 });
  });

  it('leaves old verdicts out and is absent, not zero, without any', () => {
    expect(precisionByRule([verdict('1', 'noise', 10)], 11).size).toBe(0);
  });
});

describe('the journal of anomalies', () => {
  const entry = (anomalyId: string, startsAtSeconds: number): JournalEntry => ({
    anomalyId: anomalyId.padStart(16, '0'),
    rule: 'requests',
    labels: { service: 'storefront' },
    startsAtSeconds,
    direction: 'below',
    severity: 'high',
    summary: 'low',
  });
  const open = (onUnreadable: (reason: string) => void = () => {}) =>
    openAnomalyJournal({ file: join(folder, 'anomalies.json'), onUnreadable });

  it('tells what began once, over a restart too', async () => {
    const journal = await open();
    expect(await journal.note([entry('1', 100)], 160)).toHaveLength(1);
    expect(await journal.note([entry('1', 100)], 220)).toHaveLength(0);
    expect(await (await open()).note([{ ...entry('1', 100), endedAtSeconds: 300 }], 320)).toHaveLength(0);
    expect([...(await open()).entries.values()]).toEqual([{ ...entry('1', 100), endedAtSeconds: 300 }]);
  });

  it('written to from several sides at once loses nothing', async () => {
    const journal = await open();
    await Promise.all(Array.from({ length: 20 }, (_, i) => journal.note([entry(String(i), 100)], 160)));
    expect((await open()).entries.size).toBe(20);
  });

  it('forgets what is more than five weeks old', async () => {
    const journal = await open();
    await journal.note([entry('1', 0)], 60);
    await journal.note([entry('2', 40 * 86_400)], 40 * 86_400 + 60);
    expect([...journal.entries.keys()]).toEqual(['2'.padStart(16, '0')]);
  });

  it('begins anew when its file is unreadable, and says so', async () => {
    await writeFile(join(folder, 'anomalies.json'), '{');
    const reasons: string[] = [];
    const journal = await open((reason) => reasons.push(reason));
    expect(journal.entries.size).toBe(0);
    expect(reasons).toHaveLength(1);
  });
});
