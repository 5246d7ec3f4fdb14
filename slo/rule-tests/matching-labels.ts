import type { LabelMatcher } from '../promql/selectors.ts';

/** Values tried where a matcher names none: what labels of HTTP and RPC metrics often hold. */
const COMMON_VALUES = ['ok', '200', '2xx', 'GET', 'a', '0', '/', 'other'];

export function matches(matcher: LabelMatcher, value: string): boolean {
  switch (matcher.operator) {
    case '=':
      return value === matcher.value;
    case '!=':
      return value !== matcher.value;
    default: {
      const pattern = anchored(matcher.value);
      return pattern !== undefined && pattern.test(value) === (matcher.operator === '=~');
    }
  }
}

/** Values worth trying for a label that these matchers look at. */
export function candidates(matchers: readonly LabelMatcher[]): string[] {
  const named = matchers.flatMap(({ operator, value }) =>
    operator === '=' || operator === '!=' ? [value] : examples(inJavaScript(value).pattern),
  );
  return [...new Set([...named, ...COMMON_VALUES, ...named.map((value) => `other-than-${value}`)])];
}

/** Prometheus' regular expressions match the whole value. undefined where RE2 has syntax that JavaScript lacks. */
function anchored(text: string): RegExp | undefined {
  const { pattern, flags } = inJavaScript(text);
  try {
    return new RegExp(`^(?:${pattern})$`, flags);
  } catch {
    return undefined;
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  lower: 'a-z',
  upper: 'A-Z',
  word: '\\w',
  space: '\\s',
  xdigit: '0-9a-fA-F',
};

/** RE2's classes by name and flags at the beginning, as JavaScript has them. */
function inJavaScript(pattern: string): { readonly pattern: string; readonly flags: string } {
  const [whole, flags = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [''];
  return {
    pattern: pattern.slice(whole.length).replace(/\[:(\w+):\]/g, (all, name: string) => CLASSES[name] ?? all),
    flags: [...new Set(`s${flags}`)].join(''),
  };
}

/** Texts that probably match: one per alternative, repetitions at their least, classes by their first character. */
function examples(pattern: string): string[] {
  return alternatives(pattern).map((alternative) =>
    alternative
      .replace(/\((?:\?:)?([^()|]*)(?:\|[^()]*)?\)/g, '$1')
      .replace(/\[(\^?)\\?(.)[^\]]*\]/g, (_, negated: string, first: string) => (negated ? 'z' : first))
      .replace(/\\d/g, '0')
      .replace(/\\w/g, 'a')
      .replace(/(?<!\\)\.\*/g, '')
      .replace(/(?<!\\)\.(?!\{)/g, '0')
      .replace(/(\\?.)\{(\d+)[^}]*\}/g, (_, repeated: string, times: string) =>
        repeated.repeat(Number(times)),
      )
      .replace(/(?<!\\)[+^$]/g, '')
      .replace(/\\?.[*?]/g, '')
      .replace(/\\(.)/g, '$1'),
  );
}

/** Parts between the bars outside of brackets. */
function alternatives(pattern: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of pattern) {
    if (character === '(' || character === '[') depth += 1;
    if (character === ')' || character === ']') depth -= 1;
    if (character === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
