/** What moves a cursor, sets a title, clears a screen, or turns the direction of what follows (C0, DEL, C1, bidi, line ends). */
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const SYMBOLS_FOR_C0 = 0x2400;
const DELETE = 0x7f;

function symbol(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(SYMBOLS_FOR_C0 + code);
  if (code === DELETE) return '\u2421';
  // As JSON writes it: what is printed as JSON still says the same.
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/**
 * Text of several lines for a terminal. A control character in it stands there as what it is (`␛`, `\u202e`) and does
 * nothing; tabs and line ends are left.
 */
export function visibleText(text: string): string {
  return text.replaceAll(CONTROL, (each) => (each === '\n' || each === '\t' ? each : symbol(each)));
}

/** The same for a value that stands in one line: it begins no other one. */
export function oneLine(text: string): string {
  return text.replaceAll(CONTROL, symbol);
}

/** A value with {@link oneLine} of every text in it, for what is told of telemetry in lines. */
export function oneLineTexts<T>(value: T): T {
  if (typeof value === 'string') return oneLine(value) as T;
  if (Array.isArray(value)) return value.map(oneLineTexts) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [oneLine(key), oneLineTexts(inner)]),
  ) as T;
}
