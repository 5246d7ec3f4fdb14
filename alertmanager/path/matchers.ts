export type Labels = Readonly<Record<string, string>>;

export interface Matcher {
  readonly name: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

const MATCHER = /\s*"?([^"=!~\s,{}]+)"?\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}\s]*))\s*/y;

/**
 * Matchers of Alertmanager's configuration: `severity="page"`, several in one text with commas between, in braces or not.
 *
 * @throws Error that shows what is no matcher
 */
export function parseMatchers(text: string): readonly Matcher[] {
  const inner = text.trim().replace(/^\{(.*)\}$/s, '$1');
  const matchers: Matcher[] = [];
  for (let at = 0; at < inner.length; ) {
    MATCHER.lastIndex = at;
    const match = MATCHER.exec(inner);
    if (match === null)
      throw new Error(`expected a matcher such as severity="page", got ${JSON.stringify(inner.slice(at))}`);
    const [whole, name = '', operator, quoted, bare = ''] = match;
    const value =
      quoted === undefined ? bare : quoted.replace(/\\(.)/g, (_, each) => (each === 'n' ? '\n' : each));
    matchers.push({ name, operator: operator as Matcher['operator'], value });
    at += whole.length;
    if (inner[at] === ',') at += 1;
  }
  return matchers;
}

/** A label that is missing counts as empty. */
export function matches(labels: Labels, { name, operator, value }: Matcher): boolean {
  const found = (Object.hasOwn(labels, name) && labels[name]) || '';
  if (operator === '=' || operator === '!=') return (found === value) === (operator === '=');
  return new RegExp(`^(?:${value})$`, 's').test(found) === (operator === '=~');
}

export const asText = ({ name, operator, value }: Matcher) => `${name}${operator}${JSON.stringify(value)}`;
