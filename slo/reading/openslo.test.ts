import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type ShopDefinition, shopDefinition } from '../testing/shop-definition.ts';
import { readDefinitions } from './read-definitions.ts';

const read = (...texts: string[]) =>
  readDefinitions(texts.map((text, index) => ({ file: `${index}.yaml`, text })));
const shop = (definition: ShopDefinition) => read(shopDefinition(definition));
const document = (kind: string, name: string, spec: unknown) =>
  stringify({ apiVersion: 'openslo/v1', kind, metadata: { name }, spec });

describe('OpenSLO as it is used', () => {
  it('several objectives are an SLO each, named after what they are called or their bound', () => {
    const named = shop({
      spec: {
        objectives: [
          { displayName: 'In house', target: 0.999 },
          { displayName: 'contract', target: 0.99 },
        ],
      },
    });
    expect(named.slos.map(({ name, objective }) => [name, objective])).toEqual([
      ['shop-calls-contract', '0.99'],
      ['shop-calls-in-house', '0.999'],
    ]);
    const bounds = shop({
      threshold: 'sum(rate(t_seconds_bucket[{{.window}}]))',
      spec: {
        objectives: [
          { op: 'lte', value: 0.25, target: 0.9 },
          { op: 'lte', value: 1, target: 0.99 },
        ],
      },
    });
    expect(bounds.slos.map(({ name }) => name)).toEqual(['shop-calls-0-25', 'shop-calls-1']);
  });

  it('an indicator and a data source may be documents of their own, in any file', () => {
    const byReference = parse(shopDefinition());
    const {
      indicator: { spec },
      ...rest
    } = byReference.spec;
    spec.ratioMetric.total.metricSource.metricSourceRef = 'main';
    const sli = document('SLI', 'calls', spec);
    const source = document('DataSource', 'main', {
      type: 'Prometheus',
      connectionDetails: { url: 'http://x' },
    });
    const slo = stringify({ ...byReference, spec: { ...rest, indicatorRef: 'calls' } });
    expect(read(slo, sli, source).slos[0]!.indicator).toEqual(shop({}).slos[0]!.indicator);
    expect(() => read(slo, source)).toThrow('spec.indicatorRef: found "calls"; possible: the name of a SLI');
    expect(() => read(slo, sli)).toThrow(
      'found "main"; possible: the name of a DataSource: none in these files',
    );
  });

  it.each([
    ['7d', { kind: 'rolling', days: 7 }],
    ['4w', { kind: 'rolling', days: 28 }],
    ['90d', { kind: 'rolling', days: 90 }],
  ])('a period may be %s', (duration, period) => {
    expect(shop({ spec: { timeWindow: [{ duration, isRolling: true }] } }).slos[0]!.period).toEqual(period);
  });

  it('a period may be a month or quarter in a time zone, from its first minute', () => {
    const calendar = { startTime: '2026-01-01 00:00:00', timeZone: 'Europe/Madrid' };
    const of = (more: object) =>
      shop({ spec: { timeWindow: [{ duration: '1Q', isRolling: false, calendar, ...more }] } });
    expect(of({}).slos[0]!.period).toEqual({ kind: 'calendar', unit: 'quarter', timeZone: 'Europe/Madrid' });
    expect(() => of({ duration: '1Y' })).toThrow('duration: found "1Y"; possible: 1M or 1Q');
    expect(() => of({ calendar: { ...calendar, startTime: '2026-01-15 00:00:00' } })).toThrow(
      'the first minute of a month',
    );
    expect(() => of({ calendar: { ...calendar, timeZone: 'Mars/Olympus' } })).toThrow('an IANA time zone');
  });

  it('time slices need both of their fields, and events neither', () => {
    const slices = { timeSliceTarget: 0.95, timeSliceWindow: '1m' };
    const of = (budgetingMethod: string, objective: object) =>
      shop({ spec: { budgetingMethod, objectives: [{ target: 0.99, ...objective }] } });
    expect(of('Timeslices', slices).slos[0]!.timeSlice).toEqual({ window: '1m', allowedErrorRatio: '0.05' });
    expect(() => of('Timeslices', {})).toThrow('objectives[0].timeSliceTarget: found nothing');
    expect(() => of('Occurrences', slices)).toThrow('it belongs to Timeslices');
  });

  it('alert policies, their conditions and targets are named as not honoured', () => {
    const condition = { kind: 'burnrate', op: 'lte', threshold: 14, lookbackWindow: '1h', alertAfter: '5m' };
    const { warnings } = read(
      shopDefinition({ spec: { alertPolicies: [{ alertPolicyRef: 'fast' }] } }),
      document('AlertPolicy', 'fast', {
        conditions: [{ conditionRef: 'burn' }],
        notificationTargets: [{ targetRef: 'desk' }],
      }),
      document('AlertCondition', 'burn', { severity: 'page', condition }),
      document('AlertNotificationTarget', 'desk', { target: 'pager' }),
    );
    expect(warnings.join()).toContain(
      'AlertPolicy fast is not honoured (condition burn: burnrate 14 over 1h after 5m, target desk)',
    );
    expect(() => shop({ spec: { alertPolicies: ['none'] } })).toThrow(
      'found "none"; possible: the name of an AlertPolicy',
    );
  });

  it('labels of service and SLO go together; those that rules need are refused', () => {
    const service = stringify({
      apiVersion: 'openslo/v1',
      kind: 'Service',
      metadata: { name: 'shop', labels: { team: 'day', tier: 1 } },
    });
    const { slos } = read(service, shopDefinition({ labels: { team: ['night'] } }));
    expect(slos[0]!.labels).toEqual({ team: 'night', tier: '1' });
    expect(() => shop({ labels: { severity: 'loud' } })).toThrow('metadata.labels: ');
  });

  it('groups are those that both queries keep or that slo/group-by names', () => {
    const grouped = shop({ annotations: { 'slo/group-by': ['namespace', 'cluster'] } });
    expect(grouped.slos[0]).toMatchObject({
      groupBy: ['cluster', 'namespace'],
      indicator: { total: 'sum by (cluster, namespace)(rate(shop_calls_total[{{.window}}]))' },
    });
    const by = (label: string) => `sum by (${label}) (rate(x[{{.window}}]))`;
    expect(() => shop({ ratio: { bad: by('a'), total: by('b') } })).toThrow(
      'groups by (a) beside a total by (b)',
    );
    expect(() => shop({ ratio: { bad: by('service'), total: by('service') } })).toThrow('the label service');
  });

  it('native histograms and buckets by le are thresholds; anything around them is refused', () => {
    const of = (threshold: string) =>
      shop({ threshold, spec: { objectives: [{ op: 'lte', value: 0.5, target: 0.9 }] } });
    expect(of('sum(rate(t_seconds[{{.window}}]))').slos[0]!.indicator.total).toBe(
      'histogram_count(sum(rate(t_seconds[{{.window}}])))',
    );
    expect(of('sum by (le) (rate(t_seconds_bucket[{{.window}}]))').slos[0]!.indicator.total).toBe(
      'sum(rate(t_seconds_bucket{le="+Inf"}[{{.window}}]))',
    );
    for (const wrapped of [
      'sum(rate(t_bucket[{{.window}}] offset 1h))',
      'sum(rate(a_bucket[{{.window}}])) + sum(rate(b_bucket[{{.window}}]))',
      'sum(rate(t_total[{{.window}}]))',
    ])
      expect(() => of(wrapped)).toThrow('rates of one histogram');
  });

  it('a whole bound in a matcher is looked for as a scrape writes it', () => {
    const { slos, warnings } = shop({
      ratio: { good: 'sum(rate(t_bucket{le="1"}[{{.window}}]))', total: 'sum(rate(t_count[{{.window}}]))' },
    });
    expect(slos[0]!.indicator.numerator).toContain(String.raw`le=~"1|1\\.0"`);
    expect(warnings.join()).toContain('le="1" is read as');
  });
});

describe('files as people have them', () => {
  it('lists of documents, null fields, numbers in annotations and byte order marks are read', () => {
    const list = stringify([
      parse(shopDefinition()),
      parse(shopDefinition().replaceAll('shop-calls', 'shop-other')),
    ]);
    expect(read(list).slos).toHaveLength(2);
    expect(read(`${shopDefinition()}  alertPolicies:\n`).slos).toHaveLength(1);
    expect(read(`\uFEFF${shopDefinition().replaceAll('\n', '\r\n')}`).slos).toHaveLength(1);
    expect(
      shop({ annotations: { 'slo/minimum-bad-events': 5, 'example.org/rank': 5 } }).slos[0]!.options
        .minimumBadEvents,
    ).toBe(5);
  });

  it.each([
    [
      'a template of Helm',
      shopDefinition().replace('name: shop-calls', 'name: {{ .Values.name }}'),
      'found the template {{ .Values.name }}',
    ],
    ['a file of rules', 'groups: []', 'found an object with groups; possible: Service, SLO'],
    ['a file of Sloth', 'version: prometheus/v1\nservice: x', 'npm run -s slo -- import'],
    ['a text', 'hello', 'found "hello", which is no object'],
    [
      'an older version',
      shopDefinition().replace('openslo/v1', 'openslo/v1alpha'),
      'found "openslo/v1alpha"; possible: openslo/v1',
    ],
    ['a percentage as target', shopDefinition({ target: 99.9 }), 'a percentage belongs into targetPercent'],
    [
      'a list in place of an object',
      shopDefinition().replace(/timeWindow:[\s\S]*?budgeting/, 'timeWindow: {}\n  budgeting'),
      'timeWindow: found {}; possible: a list',
    ],
  ])('%s is named for what it is', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('two braces in free text are no template', () => {
    expect(shop({ displayName: 'Lane {{ $value }} of {{ .Values.depot }}' }).slos).toHaveLength(1);
  });
});
