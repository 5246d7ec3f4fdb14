import { expect, it } from 'vitest';
import { findingReasons } from './finding-reasons.ts';
import type { Findings, RequestFinding } from './findings.ts';

const finding = (more: Partial<RequestFinding> = {}): RequestFinding => ({
  counted: null,
  compared: 30,
  inCommon: [],
  firstErrors: [],
  timeSpent: [],
  patterns: [],
  example: { traceId: 'abc123', lines: [] },
  ...more,
});
const findings = (more: Partial<Findings>): Findings => ({
  atMs: 0,
  service: 'shop',
  fromMs: 0,
  untilMs: 60_000,
  failing: null,
  slow: null,
  templates: [],
  missing: [],
  ...more,
});
const reasons = (service: string, more: Partial<Findings>) =>
  findingReasons(service, findings(more), 'http://grafana');
const firstError = { service: 'stock', operation: 'stock GET /', error: 'boom', requests: 27, share: 0.9 };

it('the service where failing begins is suspected by as much as it is of the failing, with a trace that shows it', () => {
  const more = { failing: finding({ firstErrors: [firstError] }) };
  const [reason] = reasons('stock', more);
  expect(reason!.text).toBe(
    'Of 90 % of the failing requests the first error is in stock: stock GET /, boom.',
  );
  expect(reason!.link).toMatch(/^http:\/\/grafana\/explore.*abc123/);
  expect(reasons('shop', more)).toEqual([]);
  const half = { failing: finding({ firstErrors: [{ ...firstError, share: 0.45 }] }) };
  expect(reasons('stock', half)[0]!.weight).toBeCloseTo(reason!.weight / 2);
});

it('a first error in a call to a database counts for the database, not for who calls it', () => {
  const failing = finding({
    firstErrors: [
      { ...firstError, database: 'orders', operation: 'postgresql connect', error: '53300 too many' },
    ],
  });
  expect(reasons('orders', { failing })[0]!.text).toBe(
    'Of 90 % of the failing requests the first error is a call to orders: postgresql connect, 53300 too many.',
  );
  expect(reasons('stock', { failing })).toEqual([]);
});

it('so is the one where the time of slow requests goes, and one whose version they have in common', () => {
  const timeSpent = [{ place: 'identity GET /session', service: 'identity', share: 0.8 }];
  const version = { service: 'identity', attribute: 'service.version', value: '2.0' };
  const inCommon = [{ ...version, shareOfBad: 1, shareOfRest: 0.1 }];
  const [time, release] = reasons('identity', { slow: finding({ timeSpent, inCommon }) });
  expect(time!.text).toBe('80 % of the time of slow requests goes to identity GET /session.');
  expect(release!.text).toMatch(/100 % of the bad requests ran on service.version 2.0 of identity, 10 %/);
});

it('a few traces are no group', () => {
  expect(reasons('stock', { failing: finding({ compared: 4, firstErrors: [firstError] }) })).toEqual([]);
});

it('a service that writes what it never wrote is suspected a little; one that writes more of it is not', () => {
  const template = { service: 'stock', level: 'error', template: 'no <*> left', lines: 3, before: 0 };
  const of = (change: 'new' | 'rising') =>
    reasons('stock', { templates: [{ ...template, change, traceId: null }] });
  expect(of('new')).toMatchObject([
    { kind: 'logs', link: expect.stringMatching(/\/d\/logs\?var-service=stock/) },
  ]);
  expect(of('rising')).toEqual([]);
});

it('all of them together do not overcome what is held against any root beforehand', () => {
  const all = reasons('stock', {
    failing: finding({
      firstErrors: [{ ...firstError, share: 1 }],
      inCommon: [
        { service: 'stock', attribute: 'service.version', value: '2', shareOfBad: 1, shareOfRest: 0 },
      ],
    }),
    slow: finding({ timeSpent: [{ place: 'stock GET /', service: 'stock', share: 1 }] }),
    templates: [
      { service: 'stock', level: 'error', template: 'x', change: 'new', lines: 1, before: 0, traceId: null },
    ],
  });
  expect(all).toHaveLength(4);
  expect(all.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThan(2.6);
});
