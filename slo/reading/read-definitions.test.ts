import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { generateFiles } from '../generated/generate.ts';
import { DEFAULT_LINK_BASES } from '../rules/links.ts';
import { shopDefinition } from '../testing/shop-definition.ts';
import { readDefinitions } from './read-definitions.ts';

type Path = readonly (string | number)[];

/** The definition with one value replaced, or removed where it is undefined. */
function changed(path: Path, value: unknown): string {
  const document = parse(shopDefinition());
  const parent = path.slice(0, -1).reduce((at, key) => at[key], document);
  if (value === undefined) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value;
  return stringify(document);
}

function messageFor(text: string): string {
  try {
    readDefinitions([{ file: 'shop.yaml', text }]);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

const OBJECTIVE = ['spec', 'objectives', 0, 'target'];
const BAD_QUERY = ['spec', 'indicator', 'spec', 'ratioMetric', 'bad', 'metricSource', 'spec', 'query'];

describe('a definition that is not supported is refused with file, path, what was found and what is possible', () => {
  it.each<[string, Path, unknown, string]>([
    ['an objective above 1', OBJECTIVE, 999, 'target: found 999; possible: more than 0 and less than 1'],
    ['an objective of 1', OBJECTIVE, 1, 'target: found 1; possible: more than 0 and less than 1'],
    ['an objective of 0', OBJECTIVE, 0, 'target: found 0; possible: more than 0 and less than 1'],
    ['an objective in words', OBJECTIVE, 'high', 'target: found "high"; possible: a number'],
    [
      'an unknown field',
      ['spec', 'goal'],
      1,
      'spec.goal: found an unknown field; possible: description, service',
    ],
    ['another kind', ['kind'], 'Dashboard', 'kind: found "Dashboard"; possible: Service, SLO'],
    ['another version', ['apiVersion'], 'openslo/v2', 'apiVersion: found "openslo/v2"; possible: openslo/v1'],
    [
      'another method',
      ['spec', 'budgetingMethod'],
      'RatioTimeslices',
      'budgetingMethod: found "RatioTimeslices"; possible: Occurrences, Timeslices',
    ],
    [
      'another period',
      ['spec', 'timeWindow', 0, 'duration'],
      '6d',
      'duration: found "6d"; possible: 7d to 90d rolling',
    ],
    [
      'a calendar period',
      ['spec', 'timeWindow', 0, 'isRolling'],
      false,
      'timeWindow[0].calendar: found nothing',
    ],
    [
      'a name with capitals',
      ['metadata', 'name'],
      'Shop',
      'metadata.name: found "Shop"; possible: a DNS label',
    ],
    [
      'a fixed window beside another',
      BAD_QUERY,
      'sum(rate(a[5m])) + sum(rate(b[{{.window}}]))',
      'possible: [{{.window}}] in every range',
    ],
    ['invalid PromQL', BAD_QUERY, 'sum(rate(a[{{.window}}])', 'does not parse at character'],
    [
      'no total',
      ['spec', 'indicator', 'spec', 'ratioMetric', 'total'],
      undefined,
      'ratioMetric.total: found nothing',
    ],
    [
      'a setting that does not exist',
      ['metadata', 'annotations'],
      { 'slo/minimum': '3' },
      'found an unknown field; possible: slo/minimum-bad-events',
    ],
  ])('%s', (_, path, value, message) => {
    expect(messageFor(changed(path, value))).toContain(message);
    expect(messageFor(changed(path, value))).toMatch(/^shop\.yaml:\d+: /);
  });

  it('an empty file', () => {
    expect(messageFor('')).toBe('shop.yaml: found no document; possible: documents of openslo/v1');
    expect(messageFor('---\n# nothing\n')).toContain('found no document');
  });

  it('broken YAML, with its line', () => {
    expect(messageFor('a: [1\nb: 2\n')).toMatch(/^shop\.yaml:2: found .*; possible: valid YAML 1\.2/);
  });

  it('a name that another file has', () => {
    const files = ['a.yaml', 'b.yaml'].map((file) => ({ file, text: shopDefinition() }));
    expect(() => readDefinitions(files)).toThrow(
      /b\.yaml:\d+: metadata\.name: found "shop-calls"; possible: a name that a\.yaml/,
    );
  });

  it('an alias bomb', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...['b', 'c', 'd', 'e', 'f'].map(
        (key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcde'[index]}`)}]`,
      ),
    ];
    expect(messageFor(bomb.join('\n'))).toContain('possible: at most 100 uses of an anchor');
  });
});

describe('a definition that is supported', () => {
  it('may share parts by anchors and be one of several documents', () => {
    const first = shopDefinition().replace('timeWindow:', 'timeWindow: &window');
    const second = first.replaceAll('shop-calls', 'shop-other');
    const { slos } = readDefinitions([{ file: 'shop.yaml', text: `${first}---\n${second}` }]);
    expect(slos.map(({ name }) => name)).toEqual(['shop-calls', 'shop-other']);
  });

  it('may give its objective in percent, without float noise', () => {
    const text = changed(['spec', 'objectives'], [{ targetPercent: 99.9 }]);
    expect(readDefinitions([{ file: 'shop.yaml', text }]).slos[0]).toMatchObject({
      objective: '0.999',
      errorBudget: '0.001',
    });
  });

  it('is warned of pairs that can not fire at its objective', () => {
    const { warnings } = readDefinitions([{ file: 'shop.yaml', text: shopDefinition({ target: 0.93 }) }]);
    expect(warnings).toEqual([
      expect.stringContaining('the page at 14.4 x budget over 1h and 5m is left out'),
    ]);
  });

  it('of 28 days gets factors that spend the same shares of its budget', () => {
    const text = changed(['spec', 'timeWindow', 0, 'duration'], '28d');
    const definitions = readDefinitions([{ file: 'shop.yaml', text }]);
    const rules = generateFiles(definitions, DEFAULT_LINK_BASES).get('shop-calls.rules.yml')!;
    for (const factor of ['13.44', '5.6', '2.8', '0.9333']) expect(rules).toContain(`> ${factor} * 0.001`);
  });

  it('of latency counts a bucket against all, and writes whole bounds either way', () => {
    const latency = (value: number) =>
      changed(['spec', 'indicator'], {
        spec: {
          thresholdMetric: {
            metricSource: { spec: { query: 'sum(rate(t_seconds_bucket{a="b"}[{{.window}}]))' } },
          },
        },
      }).replace('- target: 0.999', `- {op: lte, value: ${value}, target: 0.999}`);
    const [slo] = readDefinitions([{ file: 'shop.yaml', text: latency(0.5) }]).slos;
    expect(slo!.indicator).toMatchObject({
      counts: 'good',
      numerator: 'sum(rate(t_seconds_bucket{a="b",le="0.5"}[{{.window}}]))',
      total: 'sum(rate(t_seconds_bucket{a="b",le="+Inf"}[{{.window}}]))',
      missingNumerator: 'no-data',
    });
    expect(readDefinitions([{ file: 'shop.yaml', text: latency(1) }]).slos[0]!.indicator.numerator).toContain(
      String.raw`le=~"1|1\\.0"`,
    );
  });

  it('gives the same files every time', () => {
    const generate = () => [
      ...generateFiles(readDefinitions([{ file: 'shop.yaml', text: shopDefinition() }]), DEFAULT_LINK_BASES),
    ];
    expect(generate()).toEqual(generate());
  });
});
