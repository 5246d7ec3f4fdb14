/** A property of an iCalendar file: `DTSTART;TZID=Europe/Berlin:20261225T000000`, with the line that it begins on. */
export interface ContentLine {
  readonly line: number;
  /** In capitals, as parameters' names are. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly value: string;
}

/** A line that is no property. */
export interface BrokenLine {
  readonly line: number;
  readonly found: string;
}

// Name, then parameters whose values may be quoted, then the value. RFC 5545, 3.1
const CONTENT_LINE =
  /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$/s;
const PARAMETER = /;([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/g;

/** The properties of a file, folded lines joined. @see https://www.rfc-editor.org/rfc/rfc5545#section-3.1 */
export function contentLines(text: string): readonly (ContentLine | BrokenLine)[] {
  const joined: { line: number; text: string }[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = joined.at(-1);
    if (/^[ \t]/.test(raw) && last !== undefined) last.text += raw.slice(1);
    else if (raw !== '') joined.push({ line: index + 1, text: raw });
  }
  return joined.map(({ line, text: one }) => {
    const match = CONTENT_LINE.exec(one);
    if (match === null) return { line, found: one };
    const [, name, parameters, value] = match;
    return {
      line,
      name: name!.toUpperCase(),
      parameters: new Map(
        [...parameters!.matchAll(PARAMETER)].map(([, key, its]) => [
          key!.toUpperCase(),
          its!.replace(/^"(.*)"$/, '$1'),
        ]),
      ),
      value: value!,
    };
  });
}

/** A text value without its escapes. RFC 5545, 3.3.11 */
export function unescaped(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}

/** The parts of a list of texts, at commas that are not escaped. */
export function textList(value: string): readonly string[] {
  return (value.match(/(?:\\.|[^\\,])+/gs) ?? []).map((part) => unescaped(part).trim());
}
