import type { LogLine } from './loki-lines.ts';
import { type Shape, TemplateMiner } from './template-miner.ts';

export interface TemplateChange {
  readonly service: string;
  readonly level: string;
  readonly template: string;
  /** Lines in the window, and in as much time before it; whole numbers, estimated where not all lines were read. */
  readonly lines: number;
  readonly before: number;
  readonly change: 'new' | 'rising' | 'steady' | 'gone';
  /** Of a few of its lines in the window. */
  readonly traceIds: readonly string[];
}

/** At least twice as many as before, and not for want of a few. */
const RISING_FACTOR = 2;
const RISING_LINES = 30;
/** Where lines before were read in part, so many would have to be among them for their lack to say something: e^-5 < 1 %. */
const EXPECTED_IF_KNOWN = 5;
const EXAMPLES = 3;

const ORDER = { new: 0, rising: 1, steady: 2, gone: 3 } as const;

interface Tally {
  readonly service: string;
  readonly level: string;
  readonly template: string;
  now: number;
  before: number;
  readonly traceIds: Set<string>;
}

/**
 * The templates of a window's lines, held against those of as much time before: new ones first, then rising ones, then by
 * lines, those that are gone last. A template is new from its first line on, where its service wrote any lines before: of a
 * service that has just begun nothing is new.
 *
 * @param began Services that wrote lines before, where not all lines are among `before`
 */
export function templateChanges(
  before: readonly LogLine[],
  now: readonly LogLine[],
  began: ReadonlySet<string> = new Set(before.map(({ service }) => service)),
): readonly TemplateChange[] {
  const miners = new Map<string, TemplateMiner>();
  const shaped = (lines: readonly LogLine[]) =>
    lines.flatMap((line) => {
      const miner = miners.get(line.service) ?? new TemplateMiner();
      miners.set(line.service, miner);
      // Of a line with a stack trace the first says what happened.
      const shape = miner.add(line.text.slice(0, line.text.search(/[\r\n]|$/)));
      return shape ? [{ line, shape }] : [];
    });
  const all = { before: shaped(before), now: shaped(now) };
  const templates = new Map([...miners.values()].flatMap((miner) => [...miner.templates()]));
  const tallies = new Map<string, Tally>();
  for (const window of ['before', 'now'] as const)
    for (const { line, shape } of all[window]) count(tallies, templates, line, shape, window);
  const weights = weightsBefore(before);
  return [...tallies.values()].map(changed).toSorted(byInterest);

  function changed({ service, level, template, now, before, traceIds }: Tally): TemplateChange {
    const weight = weights.get(`${service} ${level}`) ?? 1;
    const known = !began.has(service) || before > 0 || (weight > 1 && now / weight < EXPECTED_IF_KNOWN);
    return {
      service,
      level,
      template,
      lines: Math.round(now),
      before: Math.round(before),
      change: changeOf(now, before, known),
      traceIds: [...traceIds],
    };
  }
}

function count(
  tallies: Map<string, Tally>,
  templates: ReadonlyMap<Shape, string>,
  { service, level, weight, traceId }: LogLine,
  shape: Shape,
  window: 'before' | 'now',
): void {
  const template = templates.get(shape) ?? shape.tokens.join(' ');
  const key = JSON.stringify([service, level, template]);
  const tally = tallies.get(key) ?? {
    service,
    level,
    template,
    now: 0,
    before: 0,
    traceIds: new Set(),
  };
  tallies.set(key, tally);
  tally[window] += weight;
  if (window === 'now' && traceId && tally.traceIds.size < EXAMPLES) tally.traceIds.add(traceId);
}

/** What a line before the window stood for, by service and level. */
const weightsBefore = (before: readonly LogLine[]): ReadonlyMap<string, number> =>
  new Map(before.map(({ service, level, weight }) => [`${service} ${level}`, weight]));

function changeOf(lines: number, before: number, known: boolean): TemplateChange['change'] {
  if (lines === 0) return 'gone';
  if (!known) return 'new';
  return before > 0 && lines >= RISING_FACTOR * before && lines - before >= RISING_LINES
    ? 'rising'
    : 'steady';
}

const byInterest = (one: TemplateChange, other: TemplateChange) =>
  ORDER[one.change] - ORDER[other.change] || other.lines - one.lines || other.before - one.before;
