import { parser } from '@prometheus-io/lezer-promql';

/** Stands for the window, as OpenSLO's examples and Sloth write it. */
export const WINDOW_PLACEHOLDER = '{{.window}}';
/** Stands for the seconds of the window; queries get it where they count samples instead of asking for a rate. */
export const WINDOW_SECONDS_PLACEHOLDER = '{{.windowSeconds}}';

/** A duration nobody writes, which stands for the window while a query is parsed. */
export const SENTINEL_WINDOW = '987654321s';
const PLACEHOLDER = /\{\{\s*\.window\s*\}\}/g;
/** What other programs write in its place: Go's template without a point, Grafana's variables. */
const FOREIGN_PLACEHOLDER = /\{\{(?!\s*\.window\s*\}\})[^}]*\}\}|\$__\w+|\$\{\w+(?::\w+)?\}|(?<=\[\s*)\$\w+/;

export function hasWindowPlaceholder(query: string): boolean {
  return query.search(PLACEHOLDER) >= 0;
}

/** The first placeholder that is another program's, if any. */
export function foreignPlaceholder(query: string): string | undefined {
  return FOREIGN_PLACEHOLDER.exec(query)?.[0];
}

/** The query over `window`, for instance `5m`, of so many seconds. */
export function overWindow(query: string, window: string, seconds?: number): string {
  const filled = query.replaceAll(PLACEHOLDER, window);
  return seconds === undefined ? filled : filled.replaceAll(WINDOW_SECONDS_PLACEHOLDER, String(seconds));
}

/** The query as it can be parsed. {@link fromParseable} takes it back. */
export function parseable(query: string): string {
  return overWindow(query, SENTINEL_WINDOW, Number.parseInt(SENTINEL_WINDOW, 10));
}

export function fromParseable(text: string): string {
  return text
    .replaceAll(SENTINEL_WINDOW, WINDOW_PLACEHOLDER)
    .replaceAll(String(Number.parseInt(SENTINEL_WINDOW, 10)), WINDOW_SECONDS_PLACEHOLDER);
}

export interface PromqlError {
  /** Offset of the first character that does not fit. */
  readonly offset: number;
  readonly near: string;
}

/** The first syntax error of a query that may hold window placeholders. Grammar only: types are promtool's to check. */
export function syntaxError(query: string): PromqlError | undefined {
  const text = parseable(query);
  if (text.trim() === '') return { offset: 0, near: '' };
  let error: PromqlError | undefined;
  parser.parse(text).iterate({
    enter(node) {
      if (error || !node.type.isError) return;
      error = { offset: node.from, near: fromParseable(text.slice(node.from, node.from + 30)) };
    },
  });
  return error;
}

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** One change of a text; none may overlap another. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

export function edited(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.from - a.from || b.to - a.to)
    .reduce((result, { from, to, insert }) => result.slice(0, from) + insert + result.slice(to), text);
}

/** The query without its comments and without space around it. */
export function withoutComments(query: string): string {
  const text = parseable(query);
  const edits: Edit[] = [];
  parser.parse(text).iterate({
    enter({ name, from, to }) {
      if (name === 'LineComment') edits.push({ from, to, insert: '' });
    },
  });
  const lines = edited(text, edits).split('\n');
  return fromParseable(
    lines
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .join('\n')
      .trim(),
  );
}

/** The query as one series a group; as it is when it is such a sum already. */
export function summed(query: string, groupBy: readonly string[] = []): string {
  const text = parseable(query);
  const top = parser.parse(text).topNode.firstChild;
  const isSum = top?.name === 'AggregateExpr' && top.getChild('AggregateOp')?.getChild('Sum') != null;
  const modifier = top?.getChild('AggregateModifier') ?? null;
  if (isSum && (modifier === null) === (groupBy.length === 0)) return query;
  return `sum${byClause(groupBy)}(${query})`;
}

/** ` by (cluster, "k8s.namespace") `, or nothing for no labels. */
export function byClause(labels: readonly string[]): string {
  return labels.length === 0 ? '' : ` by (${labels.map(labelName).join(', ')}) `;
}

/** A label's name as PromQL takes it: in quotes where it holds more than letters, digits and _. */
export function labelName(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name);
}
