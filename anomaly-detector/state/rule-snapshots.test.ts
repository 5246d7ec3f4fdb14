import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleRule, wave } from '../testing/example-rule.ts';
import { WHOLE } from '../watch/shard.ts';
import { createWatchedSeries } from '../watch/watched-series.ts';
import { createRuleSnapshots, type RuleState } from './rule-snapshots.ts';

const rule = exampleRule();

function learntState(): RuleState {
  const series = createWatchedSeries({ rule, timeZone: 'UTC', labels: { service: 'storefront' } });
  for (let at = 0; at < 40 * 60; at += 60)
    series.observe({ atSeconds: at, stepSeconds: 60, value: wave(at), missingIsVanished: false });
  return { evaluatedUntilSeconds: 2340, series: [series.save()] };
}

describe('snapshots of a rule', () => {
  let directory: string;
  let complaints: string[];
  const open = (timeZone = 'UTC') =>
    createRuleSnapshots({
      directory,
      timeZone,
      shard: WHOLE,
      onUnusable: (_, reason) => complaints.push(reason),
    });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'snapshots-'));
    complaints = [];
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('bring back the very state that was saved', async () => {
    const state = learntState();
    await open().save(rule, state);
    const loaded = await open().load(rule, (stored) => ({
      ...stored,
      series: stored.series.map((saved) =>
        createWatchedSeries({ rule, timeZone: 'UTC', labels: saved.labels, saved }).save(),
      ),
    }));
    expect(loaded).toEqual(state);
    expect(complaints).toEqual([]);
  });

  it('of another query, step or time zone are not used, and that is said', async () => {
    await open().save(rule, learntState());
    expect(await open().load({ ...rule, query: 'other' }, () => 'used')).toBeUndefined();
    expect(await open('Europe/Berlin').load(rule, () => 'used')).toBeUndefined();
    expect(complaints).toHaveLength(2);
    expect(complaints[0]).toContain('another configuration');
  });

  it('survive a change of texts and links', async () => {
    await open().save(rule, learntState());
    expect(await open().load({ ...rule, title: 'New title', dashboard: 'd/new' }, () => 'used')).toBe('used');
  });

  it('that are damaged are set aside with a message', async () => {
    await open().save(rule, learntState());
    await writeFile(
      join(directory, 'requests.snapshot'),
      'not a snapshot at all, but long enough to be looked at as one',
    );
    expect(await open().load(rule, () => 'used')).toBeUndefined();
    expect(complaints[0]).toMatch(/is not a snapshot; set aside as .*requests\.snapshot\.unusable/);
    expect(await readdir(directory)).toEqual(['requests.snapshot.unusable']);
  });

  it('that the model refuses are set aside too', async () => {
    await open().save(rule, learntState());
    const refuse = () => {
      throw new Error('state of another model');
    };
    expect(await open().load(rule, refuse)).toBeUndefined();
    expect(complaints[0]).toContain('state of another model');
  });
});
