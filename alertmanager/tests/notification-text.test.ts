import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { amtool } from '../testing/amtool.ts';

const binary = process.env.AMTOOL ?? '';

function alert(index: number, status: 'firing' | 'resolved' = 'firing') {
  return {
    status,
    labels: { alertname: 'ErrorBudgetBurn', instance: String(index) },
    annotations: {
      summary: `Budget burns (${index})`,
      description: 'Errors at 2 %.',
      runbook_url: 'http://127.0.0.1:8091/runbooks/ErrorBudgetBurn',
    },
    startsAt: '2026-03-01T10:00:00Z',
    endsAt: '2026-03-01T11:30:00Z',
    fingerprint: `f${index}`,
  };
}

function render(
  template: string,
  alerts: readonly ReturnType<typeof alert>[],
  more: Record<string, string> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'notification-'));
  try {
    const data = join(folder, 'data.json');
    const status = alerts.some((one) => one.status === 'firing') ? 'firing' : 'resolved';
    const commonLabels = {
      alertname: 'ErrorBudgetBurn',
      severity: 'page',
      service: 'storefront',
      slo: 'availability',
      ...more,
    };
    writeFileSync(data, JSON.stringify({ receiver: 'page', status, alerts, commonLabels }));
    return amtool(binary, [
      'template',
      'render',
      `--template.glob=${join(import.meta.dirname, '..', 'templates', '*.tmpl')}`,
      `--template.text={{ template "${template}" . }}`,
      `--template.data=${data}`,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(binary === '')(
  `notification text (${binary || 'skipped: AMTOOL does not name an amtool binary'})`,
  () => {
    it('has a title that says how bad, what and where', () => {
      expect(render('aiops.title', [alert(1)])).toBe('[PAGE] ErrorBudgetBurn: storefront / availability');
      expect(render('aiops.title', [alert(1), alert(2)])).toBe(
        '[PAGE] ErrorBudgetBurn: storefront / availability (2 alerts)',
      );
      expect(render('aiops.title', [alert(1, 'resolved')])).toBe(
        '[RESOLVED] ErrorBudgetBurn: storefront / availability',
      );
      expect(render('aiops.title', [alert(1)], { cluster: 'eu-1' })).toBe(
        '[PAGE] ErrorBudgetBurn: storefront / availability in eu-1',
      );
    });

    it('has a title that says the probable root, where the responder knows one', () => {
      const known = { ...alert(1), annotations: { ...alert(1).annotations, probable_root: 'flag x (91 %)' } };
      expect(render('aiops.title', [known, alert(2)])).toBe(
        '[PAGE] ErrorBudgetBurn: storefront / availability (2 alerts), probably flag x (91 %)',
      );
      expect(render('aiops.title', [{ ...known, status: 'resolved' }])).toBe(
        '[RESOLVED] ErrorBudgetBurn: storefront / availability',
      );
    });

    it('tells of each alert since when, and where to read on', () => {
      expect(render('aiops.text', [alert(1), alert(2, 'resolved')])).toBe(`Budget burns (1)
Errors at 2 %.
Since: 2026-03-01 10:00:00 UTC
Runbook: http://127.0.0.1:8091/runbooks/ErrorBudgetBurn

Resolved:
Budget burns (2)
Errors at 2 %.
Since: 2026-03-01 10:00:00 UTC
Until: 2026-03-01 11:30:00 UTC
Runbook: http://127.0.0.1:8091/runbooks/ErrorBudgetBurn`);
    });

    it('does not drown a channel', () => {
      const text = render(
        'aiops.text',
        Array.from({ length: 12 }, (_, index) => alert(index)),
      );
      expect(text.match(/Budget burns/g)).toHaveLength(10);
      expect(text).toContain('... 12 firing in all.');
    });
  },
);
