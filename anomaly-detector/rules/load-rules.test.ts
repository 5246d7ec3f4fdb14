import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENTRY_SPANS } from '@aiops-sre/conventions/semantic-attributes.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { besideOwn, loadRules, parseRules } from './load-rules.ts';
import { MEASURES } from './rule.ts';

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('a rules file', () => {
  const fixtures = readdirSync(at('testdata'));
  it.each(fixtures)(
    'that is wrong is refused with place, path, what was found and what is possible: %s',
    (name) => {
      const text = readFileSync(at(`testdata/${name}`), 'utf8');
      const expected = /^# expect: (.*)$/m.exec(text)![1]!;
      expect(() => parseRules(text, name)).toThrow(expected);
    },
  );

  it('with several mistakes is refused with all of them at once', () => {
    const text =
      'version: 1\nrules:\n  - {name: A, title: A, query: up}\n  - {name: b, title: B, query: up, step: 1x}\n';
    expect(() => parseRules(text, 'two.yaml')).toThrow(/rules\[0\]\.name.*\n.*rules\[1\]\.step/);
  });

  it('that does not exist is refused by its name', () => {
    expect(() => loadRules('/nowhere/rules.yaml')).toThrow(/\/nowhere\/rules\.yaml: found ENOENT/);
  });

  it('is one of a folder: rules of all its files are taken, and a name in two of them is refused', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const rule = (name: string) => `version: 1\nrules:\n  - {name: ${name}, title: T, query: up}\n`;
    writeFileSync(join(folder, 'a.yaml'), rule('one'));
    writeFileSync(join(folder, 'b.yaml'), rule('two'));
    expect(loadRules(folder).map(({ name }) => name)).toEqual(['one', 'two']);
    writeFileSync(join(folder, 'c.yaml'), rule('one'));
    expect(() => loadRules(folder)).toThrow(
      /c\.yaml: .* found one; possible: a name that .*a\.yaml does not have/,
    );
  });

  it('gives every rule the defaults it does not override, or gives no value, setting by setting', () => {
    const [one, two] = parseRules(
      `
version: 1
defaults: { step: 30s, severity: ticket, backfill: { history: 7d, recent: 1h } }
rules:
  - { name: one, title: One, query: up }
  - { name: two, title: Two, query: up, step: 1m, severity: , backfill: { history: 1d, recent: } }
`,
      'rules.yaml',
    );
    expect(one).toMatchObject({ stepSeconds: 30, severity: 'ticket' });
    expect(two).toMatchObject({ stepSeconds: 60, severity: 'ticket' });
    expect(two?.backfill).toMatchObject({ historySeconds: 86_400, recentSeconds: 3600 });
  });
});

it('waits for two steps of a slow rule before it takes a series as vanished', () => {
  const [slow] = parseRules(
    `
version: 1
rules: [{ name: slow, title: Slow, query: up, step: 5m }]
`,
    'rules.yaml',
  );
  expect(slow?.vanishedAfterSeconds).toBe(600);
});

it('holds a share of events between none and all of them', () => {
  const rule = '{ name: a, title: A, unit: ratio, query: up, events: "increase(x[$window])"';
  expect(parseRules(`version: 1\nrules: [${rule} }]`, 'rules.yaml')[0]).toMatchObject({
    minimum: 0,
    maximum: 1,
  });
  expect(parseRules(`version: 1\nrules: [${rule}, maximum: 0.5 }]`, 'rules.yaml')[0]?.maximum).toBe(0.5);
});

describe('the templates', () => {
  const templates = loadRules(at('services.yaml'));
  it('are about each service that sends spans, watch what its routes do to a bound, and open with an hour of learning', () => {
    for (const { forEach, covered, ...rule } of templates.map((each) => ({
      ...each,
      covered: each.coveredBy,
    }))) {
      expect(forEach).toMatchObject({
        serviceLabel: 'service_name',
        maxServices: 200,
        learningSeconds: 3600,
      });
      expect(rule.query).toContain(ENTRY_SPANS);
      expect(rule.events !== undefined, rule.name).toBe(rule.unit === 'ratio');
      if (rule.measures?.startsWith('route_')) expect(forEach!.maxSeriesEach * covered.length).toBe(20);
    }
    expect(templates.map(({ measures }) => measures).sort()).toEqual([...MEASURES].sort());
  });

  it('leave the services of the demo to rules of their own by the same measure', () => {
    const except = Object.fromEntries(
      besideOwn([...templates, ...loadRules(at('demo.yaml'))]).flatMap(({ measures, forEach }) =>
        forEach ? [[measures, forEach.except]] : [],
      ),
    );
    expect(except).toMatchObject({
      requests: ['storefront', 'fulfillment'],
      errors: ['storefront', 'fulfillment', 'payments'],
      duration: ['storefront', 'checkout'],
      route_requests: ['storefront'],
    });
  });
});

describe('the demo rules', () => {
  it('are valid and give every rule words for a person on call', () => {
    for (const rule of loadRules(at('demo.yaml'))) {
      expect(rule.title).not.toBe('');
      expect(rule.lookFirst.length).toBeGreaterThan(0);
    }
  });
});
