import type { Difference } from '@aiops-sre/investigation/comparison/compare.ts';
import type { Diagnosis, Finding } from '@aiops-sre/investigation/diagnose.ts';
import { dashboardUrl, traceJsonUrl, traceUrl } from '@aiops-sre/investigation/links.ts';
import type { FoundPattern } from '@aiops-sre/investigation/slow-spans/where-time-goes.ts';
import { FLAG_PREFIX, parseFact } from '@aiops-sre/investigation/traces/facts.ts';
import type { PlatformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { oneLineTexts } from '@aiops-sre/service-kit/terminal/visible-text.ts';
import { heading, milliseconds, percent, plain } from './wording.ts';

const MOST_ROWS = 8;
/** Fewer than this are no group to compare with. */
const FEW = 20;
/** Places that took less of the time do not show. */
const LEAST_TIME_SHARE = 0.03;

const times = (lift: number) => (Number.isFinite(lift) ? `${lift.toFixed(lift < 10 ? 1 : 0)}x` : 'only here');

/** A fact in words: `identity: feature_flag.x = on`. */
function inWords(text: string): string {
  const { service, attribute, value } = parseFact(text);
  return `${service}: ${attribute} = ${value}`;
}

/** The diagnosis as text for a terminal. */
export function report(found: Diagnosis, addresses: PlatformAddresses): string {
  const diagnosis = oneLineTexts(found);
  const { service, range } = diagnosis;
  const slow = `slower than ${milliseconds(diagnosis.slowerThanSeconds * 1000)}`;
  const example = diagnosis.failing.exampleTraceId ?? diagnosis.slow.exampleTraceId;
  return [
    heading(service, range),
    ...probeSection(diagnosis),
    ...section('Failing', 'failed', diagnosis.failing),
    ...section(`Slow (${slow})`, `were ${slow}`, diagnosis.slow),
    ...restSection(diagnosis),
    '',
    'Look at next',
    ...suggestions(diagnosis).map((line) => `  ${line}`),
    ...(example
      ? [
          `  a trace    ${traceUrl(addresses.grafanaUrl, example, range)}`,
          `  as JSON    ${traceJsonUrl(addresses.tempoUrl, example)}`,
        ]
      : []),
    `  dashboard  ${dashboardUrl(addresses.grafanaUrl, 'tracing', service, range)}`,
  ].join('\n');
}

function section(title: string, verb: string, finding: Finding): readonly string[] {
  const { compared, counted, differences, outcomes, patterns, timeShares } = finding;
  const lines = ['', title];
  const share = counted && counted.all > 0 ? ` (${percent(counted.bad / counted.all)})` : '';
  if (counted) lines.push(`  ${counted.bad} of ${counted.all} requests ${verb}${share}.`);
  if (compared.bad === 0) return [...lines, '  No trace of one.'];
  lines.push(`  ${sentence(finding)}`);
  if (title === 'Failing')
    lines.push(
      `  Answers: ${outcomes
        .slice(0, 4)
        .map(({ outcome, requests }) => `${outcome} (${requests})`)
        .join(', ')}.`,
    );
  const [first] = finding.firstErrors;
  if (first)
    lines.push(
      `  First to fail in ${percent(first.share)} of them: ${first.operation}${first.error && `: ${first.error}`}.`,
    );
  if (differences.length > 0) lines.push('', ...indented(differenceTable(differences)));
  const places = timeShares.filter(({ share: part }) => part >= LEAST_TIME_SHARE).slice(0, MOST_ROWS);
  if (places.length > 0)
    lines.push(
      '',
      ...indented(
        plain(
          ['where the time goes (critical path)', 'share', 'mean', 'requests'],
          places.map((each) => [
            each.place,
            percent(each.share),
            milliseconds(each.meanMs),
            `${each.requests}`,
          ]),
        ),
      ),
    );
  if (patterns.length > 0)
    lines.push('', ...patterns.slice(0, 4).map((pattern) => `  ${patternInWords(pattern, compared.bad)}`));
  return lines;
}

/** Said first where the service sees nothing of what whoever looks from outside sees. */
function probeSection({ probe, failing, service }: Diagnosis): readonly string[] {
  if (!probe || probe.failed === 0) return [];
  const where = probe.stages
    .map(({ probe: name, stage, failed }) => `${name}, ${stage} (${failed})`)
    .join('; ');
  const lines = [
    '',
    `Seen from outside: ${probe.failed} of ${probe.all} checks failed${where && `: ${where}`}.`,
  ];
  const { compared, counted } = failing;
  const failed = Math.max(compared.bad, counted?.bad ?? 0);
  const seen = Math.max(compared.bad + compared.rest, counted?.all ?? 0);
  // Nothing is known of a service that is not seen at all.
  if (failed > 0 || seen === 0) return lines;
  return [
    ...lines,
    `  Only the probe fails: ${service} counts no failed request. Look at what is between the two (address, port,`,
    '  certificate, network), at other services, and whether answers are wrong rather than failed.',
  ];
}

/** A retry that helps makes neither a failing nor a slow request, and is worth knowing of. */
function restSection({ restPatterns, failing }: Diagnosis): readonly string[] {
  if (restPatterns.length === 0) return [];
  const lines = restPatterns.slice(0, 2).map((each) => `  ${patternInWords(each, failing.compared.rest)}`);
  return ['', 'Neither failing nor slow', ...lines];
}

/** The answer in one sentence. */
function sentence({ differences, compared }: Pick<Finding, 'differences' | 'compared'>): string {
  const [first] = differences;
  const basis = `${compared.bad} traced ones compared with ${compared.rest} of the rest`;
  if (!first && compared.rest < FEW)
    return `Too few others to compare with (${basis}): take a range that reaches back to before it began.`;
  if (!first) return `Nothing stands out: ${basis} have no attribute significantly more often.`;
  return (
    `What stands out is ${inWords(first.fact)}: ${percent(first.shareOfBad)} of them have it, ` +
    `${percent(first.shareOfRest)} of the rest (${basis}).`
  );
}

function differenceTable(differences: readonly Difference[]): readonly string[] {
  const shown = differences.slice(0, MOST_ROWS);
  const lines = plain(
    ['attribute', 'of these', 'of the rest', 'lift', 'p', 'from'],
    shown.map((each) => [
      [each.fact, ...each.sameEvents.slice(0, 3)].map(inWords).join('\n  same requests: '),
      percent(each.shareOfBad),
      percent(each.shareOfRest),
      times(each.lift),
      each.pValue < 1e-4 ? '< 0.0001' : each.pValue.toFixed(4),
      each.counted ? 'all' : 'traces',
    ]),
  );
  const more = differences.length - shown.length;
  return more > 0 ? [...lines, `and ${more} more: --json`] : lines;
}

function patternInWords(pattern: FoundPattern, requests: number): string {
  const { kind, caller, operation, calls, failed, sequential } = pattern;
  const where = `in ${pattern.requests} of ${requests}`;
  if (kind === 'retry')
    return `Retry: ${caller} calls ${operation} again after it failed, ${where}; at most ${calls} calls, ${failed} of them failed (${milliseconds(pattern.milliseconds)}).`;
  return `N+1: ${caller} calls ${operation} ${calls} times${sequential ? ', one after the other' : ''}, ${where}; ${milliseconds(pattern.milliseconds)} in all. One call for the whole list would do.`;
}

function suggestions({ service, failing, slow }: Diagnosis): readonly string[] {
  const lines = new Set<string>();
  for (const { fact } of [failing.differences[0], slow.differences[0]].filter((each) => each !== undefined)) {
    const { attribute, value, service: of } = parseFact(fact);
    if (attribute === 'demo.injected_fault')
      lines.add(`somebody runs a drill on ${of}: its faults end by themselves`);
    else if (attribute.startsWith(FLAG_PREFIX))
      lines.add(
        `feature flag ${attribute.slice(FLAG_PREFIX.length)}: when was ${value} switched on, and does off help?`,
      );
    else if (attribute === 'service.version' || attribute.startsWith('vcs.'))
      lines.add(`the deploy of ${of} ${value}: does the version before help?`);
    else if (attribute === 'service.instance.id')
      lines.add(`instance ${value} of ${of}: its logs and its saturation`);
    else if (of !== service) lines.add(`npm run -s diagnose -- --service ${of}`);
    else lines.add(`logs of ${of} with ${attribute} ${value}`);
  }
  for (const { kind, operation } of slow.patterns.slice(0, 1))
    lines.add(kind === 'n+1' ? `the loop that calls ${operation}` : `why ${operation} fails at first`);
  return [...lines];
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
