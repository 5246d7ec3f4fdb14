import { type AffectedUsers, affectedUsers } from '@aiops-sre/investigation/affected-users.ts';
import { tempo } from '@aiops-sre/investigation/data-sources/tempo.ts';
import { type Diagnosis, diagnose, type Finding } from '@aiops-sre/investigation/diagnose.ts';
import { readWarnings } from '@aiops-sre/investigation/logs/loki-lines.ts';
import { templateChanges } from '@aiops-sre/investigation/logs/template-changes.ts';
import { parseFact } from '@aiops-sre/investigation/traces/facts.ts';
import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { Findings, RequestFinding, TemplateFinding } from './findings.ts';

/** Bounds of what one investigation reads and keeps. */
const TRACES_PER_GROUP = 30;
const MOST_LOG_LINES = 1000;
const IN_COMMON = 4;
const FIRST_ERRORS = 3;
const PLACES = 5;
const PATTERNS = 2;
const TEMPLATES = 6;
const MAX_TEXT = 300;
/** Before the onset: a rest to compare with, and what leads to an alert. */
const BEFORE_SECONDS = 600;
const SINCE_SECONDS = 900;
/** From so long before the onset on, what happens is the incident's. */
const BEGAN_SECONDS = 120;

export interface Sources {
  readonly prometheus: PrometheusClient;
  /** Undefined: nobody keeps traces, and nothing is missed. */
  readonly tempo: BackendClient | undefined;
  readonly loki: BackendClient | undefined;
}

/** Asks for traces and log lines around the onset, all at once. What could not be asked is named in `missing`. */
export async function investigate(
  sources: Sources,
  { service, onsetMs, nowMs }: { readonly service: string; readonly onsetMs: number; readonly nowMs: number },
): Promise<Findings> {
  const onsetSeconds = Math.floor(onsetMs / 1000);
  const fromSeconds = onsetSeconds - BEFORE_SECONDS;
  const untilSeconds = Math.min(Math.ceil(nowMs / 1000), onsetSeconds + SINCE_SECONDS);
  const missing: string[] = [];
  const orMissing = async <T>(source: string, asked: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      missing.push(`${source}: ${(error as Error).message}`);
      return otherwise;
    }
  };
  const traces = sources.tempo && tempo(sources.tempo);
  const range = { fromSeconds, toSeconds: untilSeconds };
  const began = { fromSeconds: onsetSeconds - BEGAN_SECONDS, toSeconds: untilSeconds };
  const [[diagnosis, users], templates] = await Promise.all([
    traces === undefined
      ? []
      : orMissing<readonly [Diagnosis?, (AffectedUsers | undefined)?]>(
          'traces',
          Promise.all([
            diagnose({
              tempo: traces,
              prometheus: sources.prometheus,
              service,
              range,
              tracesPerGroup: TRACES_PER_GROUP,
            }),
            affectedUsers({ tempo: traces, service, range: began }),
          ]),
          [],
        ),
    sources.loki ? orMissing('logs', changedTemplates(sources.loki, onsetSeconds, untilSeconds), []) : [],
  ]);
  return {
    atMs: nowMs,
    service,
    fromMs: fromSeconds * 1000,
    untilMs: untilSeconds * 1000,
    failing: requestFinding(diagnosis?.failing),
    slow: requestFinding(diagnosis?.slow),
    ...(users && { users }),
    templates,
    missing,
  };
}

function requestFinding(finding: Finding | undefined): RequestFinding | null {
  if (finding === undefined || finding.compared.bad === 0) return null;
  const { counted, compared, differences, firstErrors, timeShares, patterns } = finding;
  return {
    counted: counted ?? null,
    compared: compared.bad,
    inCommon: differences.slice(0, IN_COMMON).map(({ fact, shareOfBad, shareOfRest }) => {
      const { service, attribute, value } = parseFact(fact);
      return { service, attribute, value: bounded(value), shareOfBad, shareOfRest };
    }),
    firstErrors: firstErrors.slice(0, FIRST_ERRORS).map((each) => ({
      ...each,
      operation: bounded(each.operation),
      error: bounded(each.error),
    })),
    timeSpent: timeShares
      .slice(0, PLACES)
      .map(({ place, service, share }) => ({ place: bounded(place), service, share })),
    patterns: patterns
      .slice(0, PATTERNS)
      .map(({ kind, caller, operation, calls }) =>
        bounded(
          `${caller} calls ${operation} ${calls} times${kind === 'retry' ? ', again after it failed' : ''}`,
        ),
      ),
    example:
      finding.exampleTraceId === undefined
        ? null
        : {
            traceId: finding.exampleTraceId,
            lines: (finding.example ?? []).map((line) => ({ ...line, name: bounded(line.name) })),
          },
  };
}

/** Of warnings and what is worse, since shortly before the onset, held against as much time before. */
async function changedTemplates(
  loki: BackendClient,
  onsetSeconds: number,
  untilSeconds: number,
): Promise<TemplateFinding[]> {
  const beganSeconds = onsetSeconds - BEGAN_SECONDS;
  const seconds = Math.max(60, untilSeconds - beganSeconds);
  const [before, now] = await Promise.all([
    readWarnings(loki, { fromSeconds: beganSeconds - seconds, untilSeconds: beganSeconds }, MOST_LOG_LINES),
    readWarnings(loki, { fromSeconds: beganSeconds, untilSeconds }, MOST_LOG_LINES),
  ]);
  return templateChanges(before.lines, now.lines, before.services)
    .flatMap(({ change, service, level, template, lines, before: linesBefore, traceIds }) =>
      change === 'new' || change === 'rising'
        ? [
            {
              service,
              level,
              template: bounded(template),
              change,
              lines,
              before: linesBefore,
              traceId: traceIds[0] ?? null,
            },
          ]
        : [],
    )
    .slice(0, TEMPLATES);
}

const bounded = (text: string): string =>
  text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 3)}...`;
