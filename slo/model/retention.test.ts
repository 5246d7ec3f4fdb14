import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { retentionProblems, retentionSeconds } from './retention.ts';

const file = 'prometheus/prometheus.yml';
const slos = [
  { name: 'shop-calls', periodDays: 30 },
  { name: 'shop-latency', periodDays: 28 },
];
const problemsAt = (retention: string) =>
  retentionProblems({ slos, file, configuration: `storage: { tsdb: { retention: { ${retention} } } }` });

describe('retention and the periods of SLOs', () => {
  it.each(['time: 30d', 'time: 35d', 'time: 4w2d', 'time: 1y', 'time: 720h', 'time: 35d, size: 8GB'])(
    'accepts %s for 30 days',
    (retention) => expect(problemsAt(retention)).toEqual([]),
  );

  it.each(['time: 29d', 'time: 29d23h59m', 'time: 15d', 'time: 4w'])('refuses %s for 30 days', (retention) =>
    expect(problemsAt(retention)).toHaveLength(1),
  );

  it('names the file, the setting, each SLO that needs more and what to set', () => {
    expect(problemsAt('time: 15d')).toEqual([
      'prometheus/prometheus.yml: storage.tsdb.retention.time: found 15d; possible: at least 30d, better 35d: ' +
        'the period of shop-calls (30d), shop-latency (28d) is longer, and with less the error budget would ' +
        'silently be one of a shorter period. Set it there, then start again',
    ]);
    expect(problemsAt('time: 29d').join()).not.toContain('shop-latency');
  });

  const without = [
    '',
    'global: {}',
    'storage:',
    '{ storage: { tsdb: { retention: { time: 0s, size: 0B } } } }',
  ];
  it.each(without)('knows that Prometheus keeps 15 days with the configuration "%s"', (configuration) =>
    expect(retentionProblems({ slos, file, configuration }).join()).toContain(
      'found none, so that Prometheus keeps 15d',
    ),
  );

  it('accepts a limit of size alone, which limits no time', () => {
    expect(problemsAt('size: 8GB')).toEqual([]);
    expect(problemsAt('time: 0s, size: 8GB')).toEqual([]);
  });

  it.each(['time: a month', 'time: 1d5w', 'time: [35d]', 'time: 35'])(
    'says that "%s" is no duration',
    (retention) => expect(problemsAt(retention).join()).toContain('possible: a duration such as 35d'),
  );

  it.each(['storage: [', 'storage: 35d'])('says that "%s" is no configuration', (configuration) => {
    expect(retentionProblems({ slos, file, configuration }).join()).toContain(`${file}: found `);
  });

  it('asks for nothing where there is no SLO', () => {
    expect(retentionProblems({ slos: [], file, configuration: '' })).toEqual([]);
  });

  it("is long enough in this repository's Prometheus for the SLOs that it has", () => {
    const root = resolve(import.meta.dirname, '../..');
    const index = JSON.parse(
      readFileSync(join(root, 'prometheus/rules/slo-index.generated.json'), 'utf8'),
    ) as { slos: { name: string; periodDays: number }[] };
    const configuration = readFileSync(join(root, file), 'utf8');
    expect(retentionProblems({ slos: index.slos, file, configuration })).toEqual([]);
  });

  it.each([
    ['5w1d12h', 36.5 * 86_400],
    ['90s', 90],
    ['0', 0],
    ['', undefined],
    ['-1d', undefined],
    ['1.5d', undefined],
  ])('reads the duration "%s" as %s seconds', (text, seconds) => {
    expect(retentionSeconds(text)).toBe(seconds);
  });
});
