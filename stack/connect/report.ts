import { oneLine } from '@aiops-sre/service-kit/terminal/visible-text.ts';
import { plainTable } from '../plain-table.ts';
import type { Cause } from './causes.ts';
import type { Findings } from './findings.ts';
import type { Watched } from './watch.ts';

export function causeLines(causes: readonly Cause[]): readonly string[] {
  return causes.flatMap(({ hop, cause, cure }) => [
    `  ${hop}: ${oneLine(cause)}`,
    `    What helps: ${oneLine(cure)}`,
  ]);
}

/** Why something is missing, and what is well to know of what is there. */
export function watchedLines({ arrived, missing, causes, remarks }: Watched): readonly string[] {
  return [
    ...(missing.length === 0
      ? ['Traces, metrics and logs come the whole way.']
      : [`${arrived.length > 0 ? `There: ${arrived.join(', ')}. ` : ''}Missing: ${missing.join(', ')}.`]),
    ...causeLines(causes),
    ...remarks.map((each) => `Note: ${oneLine(each)}`),
  ];
}

const MOST_ROUTES_SHOWN = 10;

export function findingsLines(found: Findings): readonly string[] {
  const { routes, dependencies, requestsPerSecond, errorRatio, p95Seconds, conventions } = found;
  const table = plainTable(['route', 'requests so far']);
  for (const { route, requests } of routes.slice(0, MOST_ROUTES_SHOWN)) table.push([route, `${requests}`]);
  const figures = [
    requestsPerSecond === undefined ? 'no rate yet' : `${requestsPerSecond.toFixed(2)} requests a second`,
    ...(errorRatio === undefined ? [] : [`${(errorRatio * 100).toFixed(1)} % fail`]),
    ...(p95Seconds === undefined ? [] : [`95 % are answered within ${Math.round(p95Seconds * 1000)} ms`]),
  ];
  return [
    ...(routes.length > 0 ? [table.toString()] : ['No request was seen yet.']),
    ...(routes.length > MOST_ROUTES_SHOWN ? [`and ${routes.length - MOST_ROUTES_SHOWN} more`] : []),
    `${figures.join(', ')}.`,
    ...(dependencies.length > 0 ? [oneLine(`It calls ${dependencies.join(', ')}.`)] : []),
    ...(conventions.includes('old')
      ? [
          'It has the old names of HTTP telemetry (http.method); OTEL_SEMCONV_STABILITY_OPT_IN=http gives the stable ones. Both are read.',
        ]
      : []),
  ];
}
