import type { LabelMatcher } from '../promql/promql.ts';

/** Values tried where a matcher names none: what labels of HTTP and RPC metrics often hold. */
const COMMON_VALUES = ['ok', '200', '2xx', 'GET', 'a', '0', '/', 'other'];

export function matches(matcher: LabelMatcher, value: string): boolean {
  switch (matcher.operator) {
    case '=':
      return value === matcher.value;
    case '!=':
      return value !== matcher.value;
    default:
      return anchored(matcher.value).test(value) === (matcher.operator === '=~');
  }
}

/** Values worth trying for a label that these matchers look at. */
export function candidates(matchers: readonly LabelMatcher[]): string[] {
  const named = matchers.flatMap(({ operator, value }) =>
    operator === '=' || operator === '!=' ? [value] : examples(value),
  );
  return [...new Set([...named, ...COMMON_VALUES, ...named.map((value) => `other-than-${value}`)])];
}

/** Prometheus' regular expressions match the whole value. */
function anchored(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch {
    // RE2 has syntax that JavaScript lacks; then no value is known to match.
    return /^\b$/;
  }
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
