/** What stands in a template where the lines of one kind differ. */
export const VALUE = '<*>';

const MOST_CHARACTERS = 16_384;
const MOST_TOKENS = 256;
/** A longer word is a value: encoded bytes, a document. It also bounds what the expressions below have to search. */
const MOST_LETTERS = 200;

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are what it looks for
const COLOURS = /\u001b\[[\d;]*m/g;

/** `Fri Jun 17 07:07:00 2005`, `17 Jun 2005 07:07:00.5 UTC`: the one kind of value that has blanks. */
const SPELLED_TIME =
  /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?(?:\d{1,2}[ -])?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ -]+\d{1,4}(?:,?[ -]\d{4})?[ T:]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:\s+(?:[A-Z]{3,4}|[+-]\d{4}))?(?:\s+\d{4})?/g;

const MONTH = /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/;

/**
 * Kinds of values within a word, in the order they are looked for: the more they say, the earlier. Before each, what a word
 * has to contain for it to be tried.
 */
const KINDS: readonly (readonly [needs: string, RegExp])[] = [
  // URL, UUID, date with or without time, time of day, e-mail address
  ['://', /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>\]),;]+/gi],
  ['-', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi],
  ['', /(?<![\w.])\d{4}[-/.]\d{2}[-/.]\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?/g],
  [':', /\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?\b/g],
  ['@', /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g],
  // IPv4 with port or prefix, MAC, IPv6, host with port, host that begins with an address
  ['.', /(?<![\w.])\/?\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:\/\d+)?(?![\w.])/g],
  [':', /\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi],
  [':', /(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}(?![\w:])/gi],
  [':', /(?<![\w.-])(?:[\w-]+\.){2,}[a-z]{2,}:\d{1,5}\b/gi],
  ['.', /(?<![\w.-])\d[\w-]*(?:\.[\w-]+){3,}/g],
  // Path of Unix and of Windows
  ['/', /(?<![\w/])(?:\/[\w.@+~-]+)+\/?(?=["',;:)\]]|$)/g],
  ['\\', /\b[A-Za-z]:(?:\\[^\s\\"'<>|,;]+)+/g],
  // Hexadecimal, number with its unit, identifier that ends in a number, host with a digit
  ['0x', /\b0x[0-9a-f]+\b/gi],
  ['', /\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi],
  ['', /(?<![\w.])[+-]?\d+(?:\.\d+)?(?:[KMGT]i?B|[KMGT]?B|[nmµu]s|sec|min|s|h|%)(?![\w.])/g],
  ['_', /\b[A-Za-z]\w*_-?\d{2,}\w*/g],
  ['.', /(?<![\w.-])(?=[\w.-]*\d)(?:[\w-]+\.){2,}[\w-]*[a-z]\w*/gi],
  // Number, and any word with three digits in a row
  ['', /(?<!\w)[+-]?\d+(?:[.,]\d+)*(?!\w)/g],
  ['', /\b(?=[\w-]*\d{3})\w[\w-]*/g],
];

/** Without a digit and any of these no word is a value. */
const MAY_HOLD_VALUE = /[\d/@\\]/;
/** `1.2.3:80`, `-5`, `7-8`: values with nothing but punctuation between them are one. */
const ADJACENT = /(?:(?<!\w)[+-])?<\*>(?:[.,:/_-]{0,2}<\*>)*/g;
const ONLY_DIGITS = /^\d+$/;
const BARE_NUMBER = /^\W*\d+(?:\.\d+)?$/;
const UNIT =
  /^(?:[KMGT]i?B|[KMGT]?B|[Bb]ytes?|[nmµu]s|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|s|h|%)(?=\W*$)/;
const ONLY_VALUE = /^\W*<\*>\W*$/;

/** Whether nothing of a token but punctuation is left beside the value. */
export const isValue = (token: string): boolean => token.includes(VALUE) && ONLY_VALUE.test(token);

/**
 * The words of a line with {@link VALUE} for what is recognisably no word of the template: numbers with their units, times,
 * addresses, identifiers, paths, URLs, hexadecimal. Values in a row are one, so that a list counts once however long it is.
 * Colours go; what lies beyond 16,384 characters or 256 words is cut.
 */
export function maskedTokens(line: string): string[] {
  let text = line.length > MOST_CHARACTERS ? line.slice(0, MOST_CHARACTERS) : line;
  if (text.includes('\u001b')) text = text.replace(COLOURS, '');
  if (MONTH.test(text)) text = text.replace(SPELLED_TIME, VALUE);
  const tokens: string[] = [];
  let afterNumber = false;
  for (const word of text.split(/\s+/)) {
    if (word === '') continue;
    const last = tokens.at(-1);
    if (afterNumber && last !== undefined && UNIT.test(word)) {
      tokens[tokens.length - 1] = last + word.replace(UNIT, '');
      afterNumber = false;
      continue;
    }
    const token = masked(word);
    afterNumber = BARE_NUMBER.test(word);
    if (token === last && isValue(token)) continue;
    if (tokens.length === MOST_TOKENS) break;
    tokens.push(token);
  }
  return tokens;
}

function masked(word: string): string {
  if (word.length <= MOST_LETTERS && !MAY_HOLD_VALUE.test(word)) return word;
  if (word.length > MOST_LETTERS || ONLY_DIGITS.test(word)) return VALUE;
  let token = word;
  for (const [needs, kind] of KINDS) if (token.includes(needs)) token = token.replace(kind, VALUE);
  return token.includes(VALUE) ? token.replace(ADJACENT, VALUE) : token;
}
