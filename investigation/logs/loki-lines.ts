import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { z } from 'zod';
import { logLines } from '../data-sources/loki.ts';

/** A stretch of time, Unix seconds, its end excluded. */
export interface Window {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

export interface LogLine {
  readonly service: string;
  readonly level: string;
  readonly text: string;
  readonly traceId?: string | undefined;
  /** How many lines this one stands for: 1, or more where not all could be read. */
  readonly weight: number;
}

/** Of one answer; Loki's own `max_entries_limit_per_query` is 5,000. */
const MOST_LINES = 5000;
/** What is routine is read from so many pieces of the window, the last lines of each. */
const PIECES = 6;
const USUAL = 'detected_level=~"trace|debug|info"';
const UNUSUAL = 'detected_level!~"trace|debug|info"';

const ERROR_LEVELS = ['error', 'critical', 'fatal'];
const ERRORS = `detected_level=~"${ERROR_LEVELS.join('|')}"`;
const NO_ERRORS = `detected_level!~"${ERROR_LEVELS.join('|')}"`;
export const isError = ({ level }: LogLine): boolean => ERROR_LEVELS.includes(level);

const countsSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

/**
 * The lines of a window: of warnings and what is worse up to 5,000, of the rest up to 5,000 in each of six pieces. Where
 * there are more, those read stand for all of their service and level, by Loki's own count.
 *
 * @throws BackendError
 */
export async function readLines(
  loki: BackendClient,
  window: Window,
  service?: string | undefined,
): Promise<readonly LogLine[]> {
  const selector = selectorOf(service);
  const [counted, ...read] = await Promise.all([
    counts(loki, selector, window),
    lines(loki, `${selector} | ${UNUSUAL}`, window, MOST_LINES),
    ...pieces(window).map((piece) => lines(loki, `${selector} | ${USUAL}`, piece, MOST_LINES)),
  ]);
  return weighted(read.flat(), counted);
}

/**
 * Warnings and what is worse alone, `mostLines` at most, which stand for all; and every service that wrote a line at all.
 *
 * @throws BackendError
 */
export async function readWarnings(
  loki: BackendClient,
  window: Window,
  mostLines: number,
): Promise<{ readonly lines: readonly LogLine[]; readonly services: ReadonlySet<string> }> {
  const selector = selectorOf();
  const [counted, read] = await Promise.all([
    counts(loki, selector, window),
    lines(loki, `${selector} | ${UNUSUAL}`, window, mostLines),
  ]);
  const services = new Set([...counted.keys()].map((key) => JSON.parse(key)[0] as string));
  return { lines: weighted(read, counted), services };
}

/**
 * Errors of some services, and what is none, so many lines of each at most: the last of the errors, of the rest the last of
 * each of six pieces.
 *
 * @throws BackendError
 */
export async function readErrorsAndRest(
  loki: BackendClient,
  window: Window,
  services: readonly string[],
  mostLines: number,
): Promise<readonly LogLine[]> {
  const selector = `{service_name=~${JSON.stringify(services.map(escaped).join('|'))}}`;
  const read = await Promise.all([
    lines(loki, `${selector} | ${ERRORS}`, window, mostLines),
    ...pieces(window).map((piece) =>
      lines(loki, `${selector} | ${NO_ERRORS}`, piece, Math.ceil(mostLines / PIECES)),
    ),
  ]);
  return read.flat().map((line) => ({ ...line, weight: 1 }));
}

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const selectorOf = (service?: string | undefined) =>
  `{service_name${service === undefined ? '=~".+"' : `=${JSON.stringify(service)}`}}`;

type UnweightedLine = Omit<LogLine, 'weight'>;

async function lines(
  loki: BackendClient,
  query: string,
  { fromSeconds, untilSeconds }: Window,
  limit: number,
): Promise<readonly UnweightedLine[]> {
  const found = await logLines(loki, {
    query: `${query} | keep service_name, detected_level, trace_id`,
    start: fromSeconds,
    end: untilSeconds,
    limit,
    direction: 'backward',
  });
  return found.map(({ labels, text }) => ({ ...labelsOf(labels), text, traceId: labels.trace_id }));
}

async function counts(
  loki: BackendClient,
  selector: string,
  { fromSeconds, untilSeconds }: Window,
): Promise<ReadonlyMap<string, number>> {
  const parameters = {
    query: `sum by (service_name, detected_level) (count_over_time(${selector}[${untilSeconds - fromSeconds}s]))`,
    time: untilSeconds,
  };
  const { data } = await loki.json({ path: '/loki/api/v1/query', parameters }, countsSchema);
  return new Map(data.result.map(({ metric, value }) => [keyOf(labelsOf(metric)), Number(value[1])]));
}

function weighted(read: readonly UnweightedLine[], counted: ReadonlyMap<string, number>): readonly LogLine[] {
  const groups = Map.groupBy(read, keyOf);
  return [...groups].flatMap(([key, group]) => {
    const weight = Math.max(1, (counted.get(key) ?? 0) / group.length);
    return group.map((line) => ({ ...line, weight }));
  });
}

function pieces({ fromSeconds, untilSeconds }: Window): readonly Window[] {
  const seconds = (untilSeconds - fromSeconds) / PIECES;
  return Array.from({ length: PIECES }, (_, piece) => ({
    fromSeconds: fromSeconds + piece * seconds,
    untilSeconds: fromSeconds + (piece + 1) * seconds,
  }));
}

const labelsOf = (labels: Readonly<Record<string, string>>) => ({
  service: labels.service_name ?? 'unknown',
  level: labels.detected_level ?? 'unknown',
});

const keyOf = ({ service, level }: { readonly service: string; readonly level: string }) =>
  JSON.stringify([service, level]);
