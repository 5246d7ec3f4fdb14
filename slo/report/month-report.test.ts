import { describe, expect, it } from 'vitest';
import { readDefinitions } from '../reading/read-definitions.ts';
import { shopDefinition } from '../testing/shop-definition.ts';
import { calendarMonth, monthBefore } from './calendar-month.ts';
import { readCorrections } from './corrections.ts';
import { monthReport } from './month-report.ts';
import { reportMarkdown, reportPage } from './report-page.ts';
import { sloMonth } from './slo-month.ts';

const month = calendarMonth('2026-10', 'UTC');
const previous = monthBefore(month, 'UTC');
const slo = readDefinitions([{ file: 'shop.yaml', text: shopDefinition() }]).slos[0]!;
const OUTAGE = Date.parse('2026-10-12T10:00:00Z') / 1000;

/** Ten events a second over both months; an hour in October in which a tenth of them are bad. */
function rates() {
  const startSeconds = previous.fromSeconds - 4 * 86_400;
  const length = (month.untilSeconds - startSeconds) / 60 + 1;
  return {
    startSeconds,
    total: new Float64Array(length).fill(10),
    bad: Float64Array.from({ length }, (_, minute) => {
      const seconds = startSeconds + minute * 60;
      return seconds > OUTAGE && seconds <= OUTAGE + 3600 ? 1 : 0.001;
    }),
  };
}

const CORRECTIONS = `corrections:
  - slo: ${slo.name}
    from: 2026-10-12T09:30:00Z
    until: 2026-10-12T11:30:00Z
    reason: Planned move to <b>another</b> database
    approvedBy: ada
`;

const monthOf = (corrections = '') =>
  sloMonth({
    slo,
    rates: rates(),
    month,
    previous,
    corrections: corrections ? readCorrections('corrections.yaml', corrections) : [],
    timeZone: 'UTC',
  });
const report = (slos = [monthOf()], incidents: Parameters<typeof monthReport>[0]['incidents'] = []) =>
  monthReport({
    month,
    previous,
    slos,
    incidents,
    timeZone: 'UTC',
    nowSeconds: month.untilSeconds + 1,
    dashboardUrl: 'http://127.0.0.1:3001/d/slo-detail',
    consoleUrl: 'http://127.0.0.1:8091',
  });

describe('a month of an SLO', () => {
  it('weighs events: bad by all, beside the month before', () => {
    const { corrected, before } = monthOf();
    const seconds = month.untilSeconds - month.fromSeconds;
    expect(corrected.total).toBeCloseTo(10 * seconds, -4);
    expect(corrected.bad).toBeCloseTo(0.001 * (seconds - 3600) + 3600, -1);
    expect(corrected.budgetSpent).toBeCloseTo(corrected.bad / corrected.total / 0.001, 9);
    expect(before.budgetSpent).toBeCloseTo(0.1, 3);
    expect(corrected.coverage).toBe(1);
  });

  it('burns down to what is left at its end, day by day', () => {
    const { burnDown, corrected } = monthOf();
    expect(burnDown.length).toBe(31);
    expect(burnDown.at(-1)!.left).toBeCloseTo(1 - corrected.budgetSpent, 6);
    const left = burnDown.map((day) => day.left);
    expect(left).toEqual(left.toSorted((a, b) => b - a));
  });

  it('has both numbers where a correction takes events out', () => {
    const { measured, corrected, corrections } = monthOf(CORRECTIONS);
    expect(corrections.length).toBe(1);
    expect(measured.bad - corrected.bad).toBeGreaterThan(3590);
    expect(corrected.total).toBeLessThan(measured.total);
    expect(corrected.budgetSpent).toBeCloseTo(0.1, 2);
  });

  it('is unknown without telemetry, never met', () => {
    const nothing = rates().total.fill(Number.NaN);
    const slos = [
      sloMonth({
        slo,
        rates: { ...rates(), bad: nothing, total: nothing },
        month,
        previous,
        corrections: [],
        timeZone: 'UTC',
      }),
    ];
    const text = reportMarkdown(report(slos));
    expect(text).toContain('no telemetry');
    expect(text).not.toMatch(/: met/);
  });
});

describe('the report', () => {
  it('says whether it was met, what spent it and which incident that was', () => {
    const text = reportMarkdown(
      report(undefined, [
        {
          id: 7,
          title: 'Shop fails',
          severity: 'SEV2',
          startedAt: '2026-10-12T10:02:00.000Z',
          resolvedAt: '2026-10-12T11:00:00.000Z',
          services: [slo.service],
        },
      ]),
    );
    expect(text).toContain('# Service levels in October 2026');
    expect(text).toContain('[Shop fails](http://127.0.0.1:8091/incidents/7)');
    expect(text).toMatch(/2026-10-12 10:\d\d \| .* \| page/);
    expect(text).toContain(`from=${month.fromSeconds * 1000}`);
  });

  it('shows corrections with who approved them, and text as text', () => {
    const sections = report([monthOf(CORRECTIONS)]);
    expect(reportMarkdown(sections)).toContain('approved by ada');
    const page = reportPage(sections, 'October');
    expect(page).not.toContain('<b>another');
    expect(page).toContain('another');
    expect(page).toContain('<polyline');
  });

  it('says so when incidents could not be read', () => {
    const sections = monthReport({
      month,
      previous,
      slos: [monthOf()],
      incidents: undefined,
      timeZone: 'UTC',
      nowSeconds: month.untilSeconds,
      dashboardUrl: 'http://127.0.0.1:3001/d/slo-detail',
      consoleUrl: 'http://127.0.0.1:8091',
    });
    expect(reportMarkdown(sections)).toContain('incidents are missing here');
  });
});

describe('corrections', () => {
  it.each([
    ['slo: a\n    service: b', 'either slo or service'],
    ['slo: a\n    extra: 1', 'an unknown field'],
  ])('refuses %j', (fields, message) => {
    const text = `corrections:\n  - ${fields}\n    from: 2026-10-01T00:00:00Z\n    until: 2026-10-01T01:00:00Z\n    reason: r\n    approvedBy: a\n`;
    expect(() => readCorrections('c.yaml', text)).toThrow(message);
  });

  it('refuses an end before its beginning and an instant without a zone', () => {
    const text = (until: string) =>
      `corrections:\n  - { slo: a, from: 2026-10-01T02:00:00Z, until: ${until}, reason: r, approvedBy: a }\n`;
    expect(() => readCorrections('c.yaml', text('2026-10-01T01:00:00Z'))).toThrow(
      'an end after its beginning',
    );
    expect(() => readCorrections('c.yaml', text("'2026-10-01 03:00'"))).toThrow('an instant with its zone');
  });
});
