import type { TimeRange } from '@aiops-sre/investigation/data-sources/time-range.ts';
import type { Groups } from '@aiops-sre/investigation/filters/groups.ts';
import { oneLineTexts } from '@aiops-sre/service-kit/terminal/visible-text.ts';
import { heading, milliseconds, percent, plain } from './wording.ts';

const MOST_ROWS = 20;
const LONGEST_VALUE = 60;

/** Requests by the values of an attribute as text for a terminal. */
export function groupsReport(service: string, range: TimeRange, found: Groups): string {
  const { attribute, groups, all } = oneLineTexts(found);
  const lines = [heading(oneLineTexts(service), range), ''];
  if (groups.length === 0) return [...lines, 'No trace of one.'].join('\n');
  const shown = groups.slice(0, MOST_ROWS);
  const rows = shown.map(({ value, requests, failed, p95Ms }) => [
    value === undefined ? '(none)' : value.slice(0, LONGEST_VALUE),
    `${Math.round(requests)}`,
    percent(failed / requests),
    milliseconds(p95Ms),
  ]);
  lines.push(...plain([attribute, 'requests', 'failed', '95 % within'], rows));
  if (groups.length > shown.length) lines.push(`and ${groups.length - shown.length} more: --json`);
  if (!all) lines.push('', 'Not all requests were read: a part of them from all over the range.');
  return lines.join('\n');
}
