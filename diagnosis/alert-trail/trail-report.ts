import { dashboardUrl, traceJsonUrl, traceUrl } from '@aiops-sre/investigation/links.ts';
import type { PlatformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { oneLineTexts } from '@aiops-sre/service-kit/terminal/visible-text.ts';
import type { Trail } from './follow-alert.ts';

const MARKS = { done: 'ok', failed: 'FAILED', skipped: 'skipped' } as const;
const MOST_LINES = 5;
const LINE_LENGTH = 160;

/** The way from an alert to its logs as text for a terminal. */
export function trailReport(followed: Trail, addresses: PlatformAddresses): string {
  const trail = oneLineTexts(followed);
  const lines = trail.steps.flatMap(({ name, state, said, url }) => [
    `${name.padEnd(10)} ${MARKS[state].padEnd(8)} ${said}`,
    ...(url ? [`${' '.repeat(20)}${url}`] : []),
    ...(name === 'trace' && trail.traceId
      ? [
          `${' '.repeat(20)}${traceUrl(addresses.grafanaUrl, trail.traceId, trail.range)}`,
          `${' '.repeat(20)}${traceJsonUrl(addresses.tempoUrl, trail.traceId)}`,
        ]
      : []),
  ]);
  const shown = trail.logLines.slice(0, MOST_LINES);
  lines.push(...shown.map((line) => `${' '.repeat(20)}${line.slice(0, LINE_LENGTH)}`));
  if (trail.service) {
    const from = new Date(trail.range.fromSeconds * 1000).toISOString();
    lines.push(
      '',
      'Look at next',
      `  npm run -s diagnose -- --service ${trail.service} --from ${from}`,
      `  ${dashboardUrl(addresses.grafanaUrl, 'tracing', trail.service, trail.range)}`,
    );
  }
  return lines.join('\n');
}
