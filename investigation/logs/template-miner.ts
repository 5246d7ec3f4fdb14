import { isValue, maskedTokens, VALUE } from './mask.ts';

/** Lines that are alike but for what {@link maskedTokens} recognises as values. */
export interface Shape {
  readonly tokens: readonly string[];
  lines: number;
}

interface KeptShape extends Shape {
  lastUsed: number;
}

/** A column with more different words than this holds values; with fewer, each word is a template of its own. */
const MOST_WORDS_OF_A_COLUMN = 3;
const SHAPES = 20_000;

/**
 * Templates of log lines. A template is there from its first line on, and follows from all lines taken so far: what
 * looked like two templates becomes one when more lines show that they differ in a value.
 *
 * The method is Brain's (Yu et al., "Brain: Log Parsing With Bidirectional Parallel Tree", IEEE TSC 2023), over the distinct masked
 * lines with their counts instead of over the lines: among lines of equal length, the longest combination of words that are
 * equally frequent is the root of a line's template; the other columns of the lines of one root are constant, branch, or hold
 * values. There is no threshold of frequency and no setting a system.
 */
export class TemplateMiner {
  readonly #mostShapes: number;
  readonly #shapes = new Map<string, KeptShape>();
  #clock = 0;
  #evicted = 0;

  /** @param options.mostShapes Bound of memory. Beyond it the half that was not seen for longest goes. */
  constructor({ mostShapes = SHAPES }: { readonly mostShapes?: number } = {}) {
    this.#mostShapes = mostShapes;
  }

  /** Shapes that had to go, with the lines they counted. */
  get evicted(): number {
    return this.#evicted;
  }

  /** @returns the same object for every line of the shape while it is kept; undefined of a blank line */
  add(line: string): Shape | undefined {
    const tokens = maskedTokens(line);
    if (tokens.length === 0) return undefined;
    const key = tokens.join(' ');
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      if (this.#shapes.size >= this.#mostShapes) this.#evictHalf();
      shape = { tokens, lines: 0, lastUsed: 0 };
      this.#shapes.set(key, shape);
    }
    shape.lines += 1;
    shape.lastUsed = ++this.#clock;
    return shape;
  }

  /** The template of each shape kept: its words, {@link VALUE} where the lines differ. */
  templates(): ReadonlyMap<Shape, string> {
    const byLength = Map.groupBy(this.#shapes.values(), ({ tokens }) => tokens.length);
    const templates = new Map<Shape, string>();
    for (const shapes of byLength.values())
      for (const group of groupedByRoot(shapes))
        for (const shape of group.shapes) templates.set(shape, templateOf(shape, group));
    return templates;
  }

  #evictHalf(): void {
    const byUse = [...this.#shapes].toSorted(([, one], [, other]) => one.lastUsed - other.lastUsed);
    for (const [key] of byUse.slice(0, Math.ceil(byUse.length / 2))) {
      this.#shapes.delete(key);
      this.#evicted += 1;
    }
  }
}

interface Group {
  readonly shapes: Shape[];
  readonly rootColumns: ReadonlySet<number>;
}

/** Shapes of one length by the words of their root. */
function groupedByRoot(shapes: readonly Shape[]) {
  const frequency = wordFrequencies(shapes);
  const groups = new Map<string, Group>();
  for (const shape of shapes) {
    const root = rootOf(shape, frequency);
    const key = [...root].map((column) => `${column}:${shape.tokens[column]}`).join(' ');
    const group = groups.get(key);
    if (group) group.shapes.push(shape);
    else groups.set(key, { shapes: [shape], rootColumns: root });
  }
  return [...groups.values()].map((group) => ({ ...group, values: valueColumns(group) }));
}

/** A word's lines, by its column. */
function wordFrequencies(shapes: readonly Shape[]): readonly ReadonlyMap<string, number>[] {
  const columns: Map<string, number>[] = [];
  for (const { tokens, lines } of shapes)
    for (const [column, word] of tokens.entries()) {
      columns[column] ??= new Map();
      columns[column].set(word, (columns[column].get(word) ?? 0) + lines);
    }
  return columns;
}

/** The columns of the longest combination of words that are equally frequent; of equally long ones the more frequent. */
function rootOf({ tokens }: Shape, frequency: readonly ReadonlyMap<string, number>[]): ReadonlySet<number> {
  const combinations = new Map<number, number[]>();
  for (const [column, word] of tokens.entries()) {
    if (isValue(word)) continue;
    const lines = frequency[column]?.get(word) ?? 0;
    const combination = combinations.get(lines);
    if (combination) combination.push(column);
    else combinations.set(lines, [column]);
  }
  let root: { readonly lines: number; readonly columns: readonly number[] } = { lines: 0, columns: [] };
  for (const [lines, columns] of combinations) {
    const longer = columns.length - root.columns.length;
    if (longer > 0 || (longer === 0 && lines > root.lines)) root = { lines, columns };
  }
  return new Set(root.columns);
}

function valueColumns({ shapes, rootColumns }: Group): ReadonlySet<number> {
  const values = new Set<number>();
  for (const column of shapes[0]?.tokens.keys() ?? []) {
    if (rootColumns.has(column)) continue;
    const words = [...new Set(shapes.map(({ tokens }) => tokens[column] ?? ''))];
    if (words.length === 1) continue;
    const apartFromDigits = new Set(words.map((word) => word.replace(/\d+/g, '0')));
    if (apartFromDigits.size === 1 || apartFromDigits.size > MOST_WORDS_OF_A_COLUMN || words.some(isValue))
      values.add(column);
  }
  return values;
}

function templateOf({ tokens }: Shape, { values }: { readonly values: ReadonlySet<number> }): string {
  return tokens.map((token, column) => (values.has(column) ? VALUE : token)).join(' ');
}
