import { redact } from '../analysis/redact.ts';

const MOST_CHARACTERS = 24_000;
/** Looked through before lists are cut: the rest could not be told anyway. */
const LOOKED_THROUGH = 10 * MOST_CHARACTERS;
const MOST_ITEMS = 50;
const MOST_FIELDS = 60;
const DEEPEST = 8;
const LONGEST_NAME = 80;
const LONGEST_TEXT = 400;
const TRACE_ID = /^[0-9a-f]{32}$/;

/**
 * `value` as JSON for an assistant: every text redacted and cut, so that nothing in it is a secret, hides or ends the JSON;
 * lists cut until all of it is 24,000 characters at most. A list that was cut says so in its last item.
 */
export function told(value: unknown): string {
  const clean = redacted(value);
  for (let items = MOST_ITEMS; items > 0; items = Math.floor(items / 2)) {
    const json = JSON.stringify(shortened(clean, items));
    if (json.length <= MOST_CHARACTERS) return json;
  }
  return JSON.stringify({ error: 'more than fits: ask for less' });
}

/** Lines of prose of ours, such as a runbook, with their line ends. */
export function toldLines(text: string): string {
  const lines = text.slice(0, MOST_CHARACTERS).split('\n');
  return lines.map((line) => redact(line, MOST_CHARACTERS)).join('\n');
}

function redacted(value: unknown): unknown {
  let left = LOOKED_THROUGH;
  function text(dirty: string, longest: number): string {
    if (left <= 0) return '...';
    const clean = redact(dirty, longest);
    left -= clean.length;
    return clean;
  }
  function inner(each: unknown, depth: number): unknown {
    if (typeof each === 'string') return text(each, LONGEST_TEXT);
    if (typeof each !== 'object' || each === null) return each;
    if (depth === 0 || left <= 0) return '...';
    if (Array.isArray(each)) return each.map((item) => inner(item, depth - 1));
    return Object.fromEntries(
      Object.entries(each)
        .slice(0, MOST_FIELDS)
        .map(([name, field]) => [
          text(name, LONGEST_NAME),
          // It would be taken for a key, and leads to the trace.
          name === 'traceId' && TRACE_ID.test(String(field)) ? field : inner(field, depth - 1),
        ]),
    );
  }
  return inner(value, DEEPEST);
}

function shortened(value: unknown, items: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner, items)]));
  const kept = value.slice(0, items).map((each) => shortened(each, items));
  return value.length > items ? [...kept, `... and ${value.length - items} more`] : kept;
}
